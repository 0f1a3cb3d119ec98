"""Writes the logs a person may keep of our own output. A model is never among them: models come from the original."""

from __future__ import annotations

from pathlib import Path

KINDS = ("known", "accepted")


class RefusedModel(Exception):
    """Somebody asked to write a model from our own output."""


def record(path: Path, log: bytes, kind: str, reason: str) -> Path:
    """Store our log as ``path`` (``NAME.known.log`` or ``NAME.accepted.log``), with the reason in ``.md``.

    ``known``: today's wrong output, kept so that a change shows. ``accepted``: we differ on purpose, and the reason says
    why. Anything else is refused, and so is a reason that says nothing.
    """
    if kind not in KINDS:
        raise RefusedModel(f"a {kind} is written by the original, not from our own output")
    if len(reason.split()) < 3:
        raise RefusedModel(f"{kind} needs a reason in words")
    if not path.name.endswith(f".{kind}.log"):
        raise RefusedModel(f"{path.name} is no place for a log of ours")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(log)
    path.with_suffix(".md").write_text(reason.strip() + "\n", "utf-8")
    return path
