"""Sitting at the prompt."""

from __future__ import annotations

import sys


def interact(session) -> int:
    """Read commands until the user leaves; plain lines when standard input is no terminal."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()):
        return session.prompt_loop()
    return session.prompt_loop(read=_read)


def _read(prompt: str) -> str | None:
    try:
        return input(prompt)
    except EOFError:
        return None
