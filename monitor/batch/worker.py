"""A process that runs frames one after the other, each in a fresh session.

Reads one JSON job a line on standard input and answers with one JSON line on standard output; ends at the end of its input,
and on Linux with the process that started it, so that no frame goes on behind the back of a new run.

Job: ``command``, ``directory`` (the session's; with ``name`` set the frame gets the directory ``directory/name``, which appears
complete or not at all), ``log`` (file, or ""), ``clock`` (seconds, or None), ``user``, ``host_commands``.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

LAST_LINES = 4
MESSAGE = re.compile(r"\*{2,3} ?\w|\[[A-Z0-9_]+-")  # of a program that gives up, or with a key


def run_frame(job: dict[str, Any]) -> dict[str, Any]:
    """Run one frame; what the journal needs to know of it. Nothing escapes but an interrupt."""
    begin = time.perf_counter()
    output = io.StringIO()
    try:
        status = _in_own_directory(job, output) if job["name"] else _run(job, Path(job["directory"]), output)
        why = "" if status == 0 else said(output.getvalue())
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        status, why = 1, f"{type(error).__name__}: {error} ({Path(place.filename).name} line {place.lineno})"
    try:
        if job["log"]:
            _write_whole(Path(job["log"]), output.getvalue())
    except OSError as error:
        status, why = 1, f"cannot write the log {job['log']}: {error.strerror}"
    return {"status": "done" if status == 0 else "failed", "why": why, "seconds": round(time.perf_counter() - begin, 3)}


def _run(job: dict[str, Any], directory: Path, output: io.StringIO) -> int:
    from monitor.session import Session

    options: dict[str, Any] = {"output": output, "host_commands": job["host_commands"]}
    if job["clock"] is not None:
        options["clock"] = lambda: job["clock"]
    if job["user"]:
        options["user"] = job["user"]
    return Session(directory=directory, **options).run_command_line(job["command"])


def _in_own_directory(job: dict[str, Any], output: io.StringIO) -> int:
    """Work under another name; the directory gets its own only when the frame has succeeded."""
    target = Path(job["directory"], job["name"])
    working, failed, old = (target.with_name(target.name + end) for end in (".part", ".failed", ".old"))
    for left in (working, old):
        shutil.rmtree(left, ignore_errors=True)
    working.mkdir(parents=True)
    status = _run(job, working, output)
    shutil.rmtree(failed, ignore_errors=True)
    if status != 0:
        working.rename(failed)
        return status
    if target.exists():  # the run was killed between this frame's end and its line in the journal
        target.rename(old)
    working.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return status


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="latin-1", errors="replace", newline="")
    os.replace(part, path)


def said(text: str) -> str:
    """The last lines of a failed frame that say something."""
    lines = [line.strip() for line in text.splitlines()]
    telling = [line for line in lines if line and "ABEND called" not in line and not line.startswith("Beginning VICAR task")]
    telling = [line for line in telling if MESSAGE.match(line)] or telling
    return " | ".join(telling[-LAST_LINES:])[-400:]


def _end_with_parent() -> None:
    """Ask Linux to kill this process when its parent ends."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    PR_SET_PDEATHSIG = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return
    if os.getppid() != int(sys.argv[1]):  # it ended before we asked
        os._exit(1)


def main() -> None:
    _end_with_parent()
    signal.signal(signal.SIGINT, lambda *_: None)  # the run decides; programs we start keep the usual way
    for descriptor in map(int, sys.argv[2:]):
        os.set_inheritable(descriptor, False)  # the journal's lock: ours, not our children's
    jobs = os.fdopen(os.dup(0), "r", encoding="utf-8")
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    for line in jobs:
        reports.write(json.dumps(run_frame(json.loads(line))) + "\n")
        reports.flush()


if __name__ == "__main__":
    main()
