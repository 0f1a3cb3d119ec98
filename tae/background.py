"""Work beside the session: a process of its own, which says how it is doing.

The original starts another monitor; here the session's own process is doubled (``fork``), so that the job has the same programs,
clock and environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
from collections.abc import Callable


class Parent:
    """What a job has of the session that started it."""

    def __init__(self, writing: int, reading: int, interactive: bool) -> None:
        self._writing, self._reading = writing, reading
        self.interactive = interactive  # whether it can ask its user

    def tell(self, sfi: int, skey: str) -> None:
        """Say how the job is doing."""
        self._send([sfi, skey])

    def ask(self, file: str) -> str:
        """Wait until the user has replied to the questions in a parameter file: ``run``, ``exit``; "" when nobody is there."""
        self._send(file)
        answer = b""
        while not answer.endswith(b"\n"):
            data = os.read(self._reading, 64)
            if not data:
                return ""
            answer += data
        return answer.decode().strip()

    def _send(self, message: list | str) -> None:
        with contextlib.suppress(OSError):  # the session may be gone
            os.write(self._writing, json.dumps(message).encode() + b"\n")


class Background:
    """A process that was started; ``work(parent)`` runs in it.

    Attributes
    ----------
    active : until the process has ended and all it told was read
    """

    def __init__(self, work: Callable[[Parent], None], interactive: bool) -> None:
        self._reading, writing = os.pipe()
        answers, self._answering = os.pipe()
        self._rest = b""
        self.active = True
        self._process = os.fork()
        if self._process == 0:
            os.close(self._reading)
            os.close(self._answering)
            _become_background()
            os.write(writing, b"\n")
            _end_with(lambda: work(Parent(writing, answers, interactive)))
        os.close(writing)
        os.close(answers)
        os.read(self._reading, 1)  # the process has a group of its own now, by which it can be ended

    def told(self, seconds: float = 0.0) -> list[list | str]:
        """What was told since the last time: $SFI and $SKEY, or a file with questions; waits for something at most so long."""
        found: list[list | str] = []
        while self.active and select.select([self._reading], [], [], 0.0 if found else seconds)[0]:
            data = os.read(self._reading, 65536)
            if not data:
                self._ended()
                break
            *lines, self._rest = (self._rest + data).split(b"\n")
            found += [json.loads(line) for line in lines]
        return found

    def answer(self, text: str) -> None:
        """Tell a job that asks what the user did."""
        with contextlib.suppress(OSError):
            os.write(self._answering, text.encode() + b"\n")

    def abort(self) -> None:
        """End the process, and what it started."""
        if self.active:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGTERM)
            self._ended()

    def _ended(self) -> None:
        self.active = False
        os.close(self._reading)
        os.close(self._answering)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)


def detach(work: Callable[[], None]) -> None:
    """Do work in a process that nobody waits for; it goes on when the session has ended."""
    between = os.fork()
    if between == 0:
        if os.fork() == 0:
            _become_background()
            _end_with(work)
        os._exit(0)
    os.waitpid(between, 0)


def _become_background() -> None:
    """No terminal, no keyboard, signals as a new program has them."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)


def _end_with(work: Callable[[], None]) -> None:
    """Do the work and end at once: what the session had open is the session's."""
    try:
        work()
    finally:
        os._exit(0)
