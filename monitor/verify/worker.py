"""A process that runs procedures one after the other, each in a session of its own.

Reads one JSON job a line on standard input, answers with one JSON report a line on standard output. Started by
``monitor.verify.pool``; keeping the process between jobs keeps the imports. What the jobs themselves print goes to a file
in their folder, never into the answers.
"""

from __future__ import annotations

import json
import os
import resource
import time
import traceback
from pathlib import Path
from typing import Any

LARGEST_FILE = 2 << 30


class Recorder:
    """A program host that also remembers which programs ran, and which were asked for in vain."""

    def __init__(self, host: Any):
        self.host = host
        self.programs: dict[str, int] = {}
        self.missing: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.host, name)

    def has(self, name: str, library: str) -> bool:
        return self.host.has(name, library)

    def run(self, call: Any, session: Any) -> Any:
        if not self.host.has(call.executable, call.library):
            self.missing[call.name.lower()] = self.missing.get(call.name.lower(), 0) + 1
        name = call.name.lower()
        self.programs[name] = self.programs.get(name, 0) + 1
        return self.host.run(call, session)


def run_command(job: dict[str, Any]) -> dict[str, Any]:
    """Run ``job["command"]`` in ``job["directory"]`` as ``taetm -s COMMAND``."""
    from monitor.session import Session

    with open(job["output"], "w", encoding="latin-1", errors="replace", newline="") as output:
        folder = Path(job["directory"])
        session = Session(directory=folder, environment=job["environment"], user=job["user"], output=output)
        session.host = recorder = Recorder(session.host)
        status = session.run_command_line(job["command"], slogon=True)
    return {"status": status, "programs": sorted(recorder.programs), "missing": sorted(recorder.missing)}


def run_language(job: dict[str, Any]) -> dict[str, Any]:
    """Run a procedure with every program replaced by its banner (see ``monitor.verify.language``)."""
    from monitor.verify.language import run

    return run(job)


def run_bare(job: dict[str, Any]) -> dict[str, Any]:
    """Run a command, or what is typed at the prompt, in a session without VICAR (see ``monitor.verify.language``)."""
    from monitor.verify.language import run_bare

    return run_bare(job)


ACTIONS = {"command": run_command, "bare": run_bare, "language": run_language}


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job; an exception that escapes the session is a crash, reported with its last place."""
    begin = time.perf_counter()
    try:
        report = ACTIONS[job["action"]](job)
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        report = {
            "crash": f"{type(error).__name__}: {error} ({Path(last.filename).name} line {last.lineno})"[:400],
            "traceback": traceback.format_exc(),
        }
    report["seconds"] = time.perf_counter() - begin
    return report


def main() -> None:
    jobs = os.fdopen(os.dup(0), "r", encoding="utf-8")
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    for line in jobs:
        reports.write(json.dumps(answer(json.loads(line))) + "\n")
        reports.flush()


if __name__ == "__main__":
    main()
