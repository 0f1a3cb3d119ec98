"""Commands of the host: USH. Source of the facts: ``tm/hostcmd.np.c``, and what ``system()`` does."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tae.session import Session


def run(session: Session, command: str | None) -> int:
    """Run a command with the user's shell (None: the shell itself, interactive); the raw wait status."""
    session.flush()
    name = session.environment.get("SHELL", "sh")
    text = f"{name} -i" if command is None else f'{name} -c "{command}"'
    try:
        direct = session.output.fileno() if session.output is not None else subprocess.DEVNULL
    except (OSError, AttributeError):
        direct = subprocess.PIPE
    ours = direct not in (1, subprocess.DEVNULL)  # a stream of our own takes error output too
    with control_c_for_others():
        done = subprocess.run(
            ["/bin/sh", "-c", text.encode("latin-1", "replace")],
            cwd=session.directory,
            env=session.host_environment(),
            stdin=subprocess.DEVNULL if session.input is None else None,
            stdout=direct,
            stderr=subprocess.STDOUT if ours else None,
            check=False,
        )
    if done.stdout:
        session.write_terminal(done.stdout.decode("latin-1"), "")
    return -done.returncode if done.returncode < 0 else done.returncode << 8


@contextmanager
def control_c_for_others() -> Iterator[None]:
    """Control-C ends the host command alone, not the procedure: the command's failure is what the procedure sees."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which the command would inherit
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
