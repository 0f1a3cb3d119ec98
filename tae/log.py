"""The two session logs, and what decides what goes where.

``session.log`` is plain text: echoed commands, what WRITE and DISPLAY print, messages. ``session.tsl`` is TAE's own log, one
kind of record a prefix: ``TS:`` time, ``PA:`` the procedure and its parameters, ``PR:`` the globals it sees, ``PT:`` how it
ended, ``MS:`` messages, ``DP:`` dynamic parameters. Both lie in the directory where ENABLE-LOG found itself first.
Source of the facts: ``tm/log.c``, ``tm/logsubs.c``.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

SESSION_LOG = "session.log"
TAE_LOG = "session.tsl"
RECORD_SIZE = 250
CHUNK = 131


def pieces(text: str, breaks: list[int]) -> list[str]:
    """How an echoed command is cut into lines.

    Parameters
    ----------
    text : str
        The command after substitution.
    breaks : list of int
        Lengths of the joined text after each continuation line, measured before substitution, of the command
        that was read last: for text that was not read (the command of a one-line IF) they are those of the line around it.
    """
    lines, low = [], 0
    for stop in breaks:
        if stop <= 0 or len(text) <= stop:
            break
        lines.append(text[low:stop] + "+")
        low = stop
    while len(text) > low + CHUNK:
        lines.append(text[low : low + CHUNK] + "+")
        low += CHUNK
    lines.append(text[low:])
    return lines


class SessionLog:
    """``session.log`` and ``session.tsl`` of one session."""

    def __init__(self) -> None:
        self._existed = False
        self._files: tuple[IO[str], IO[str]] | None = None  # changed in one step, for control-C may come anywhere

    @property
    def enabled(self) -> bool:
        """Whether something is logged."""
        return self._files is not None

    def open(self, directory: Path) -> None:
        """Start logging: the first time of a session the files are made anew. Raises OSError."""
        mode = "a" if self._existed else "w"
        records = (directory / TAE_LOG).open(mode, encoding="latin-1", errors="replace", newline="\n")
        text = (directory / SESSION_LOG).open(mode, encoding="latin-1", errors="replace", newline="\n")
        self._existed = True
        self._files = text, records

    def close(self) -> None:
        """Stop logging; what is written next is in no log."""
        files, self._files = self._files, None
        for file in files or ():
            file.close()

    def flush(self) -> None:
        """Make what was logged visible to other programs."""
        for file in self._files or ():
            file.flush()

    def line(self, text: str) -> None:
        """One line (a message may hold line ends of its own) of ``session.log``."""
        if self._files is not None:
            self._files[0].write(text + "\n")

    def record(self, prefix: str, text: str) -> None:
        """One record of ``session.tsl``, cut to its size."""
        if self._files is not None:
            record = prefix + text
            if len(record) > RECORD_SIZE:
                record = record[: RECORD_SIZE - 3] + "..."
            self._files[1].write(record + "\n")
