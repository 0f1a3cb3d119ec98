"""The journal of a run: one JSON line a finished frame, on disk before the frame counts as finished.

A run that is killed at any moment leaves a journal whose complete lines are true; a torn last line is cut off when the journal
is opened again. The file is locked while a run is alive, and its worker processes hold the lock too: nobody starts a second run
while a frame of the first is still being worked on.

known
  * A frame's images are not forced to disk before its line: after a power failure (not: a killed run) check the last frames.
  * A killed run may leave unfinished hidden files (``.NAME.PID.xxxxxxxx``) in a directory that frames share; they do no harm.
    With ``--work`` they go with the frame's unfinished directory.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

DONE, FAILED = "done", "failed"


class JournalError(Exception):
    """The journal cannot be used; the text says why, in a sentence."""


class Journal:
    """An open journal: ``finished`` has the last line of each frame by its key."""

    def __init__(self, path: Path, header: dict[str, Any], patience: float = 10.0):
        """Open or begin a journal.

        ``header`` says what the run is; a journal that was begun with another header is refused. ``patience``: seconds to
        wait for the processes of a run that was just killed.
        """
        self.path = path
        self.finished: dict[str, dict[str, Any]] = {}
        self.unreadable = 0
        try:
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            raise JournalError(f"cannot open the journal {path}: {error.strerror}") from None
        try:
            self._lock(patience)
            self._load(header)
        except BaseException:
            os.close(self.descriptor)
            raise

    def _lock(self, patience: float) -> None:
        try:
            import fcntl
        except ImportError:
            return
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > end:
                    raise JournalError(f"another run is using the journal {self.path}") from None
                time.sleep(0.1)
            except OSError:
                return  # a file system without locks

    def _load(self, header: dict[str, Any]) -> None:
        data = self.path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self.descriptor, whole)
        lines = data[:whole].splitlines()
        if not lines:
            self._append({"journal": 1, **header})
            return
        begin = _line(lines[0])
        if begin is None or begin.pop("journal", None) != 1:
            raise JournalError(f"{self.path} is no journal of vicar-batch")
        if begin != header:
            was = "; ".join(f"{key}: {begin.get(key)}" for key in header if begin.get(key) != header[key])
            raise JournalError(f"the journal {self.path} belongs to another run ({was}); name another with --journal")
        for text in lines[1:]:
            entry = _line(text)
            if entry is None or "key" not in entry or entry.get("status") not in (DONE, FAILED):
                self.unreadable += 1
            else:
                self.finished[entry["key"]] = entry

    def add(self, entry: dict[str, Any]) -> None:
        """A frame has finished; returns when that is on disk."""
        self._append(entry)
        self.finished[entry["key"]] = entry

    def _append(self, entry: dict[str, Any]) -> None:
        data = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
        while data:
            data = data[os.write(self.descriptor, data) :]
        os.fsync(self.descriptor)

    def close(self) -> None:
        os.close(self.descriptor)


def _line(text: bytes) -> dict[str, Any] | None:
    """A line's content; None if it is damaged."""
    try:
        entry = json.loads(text)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
