"""The language alone, as ``golden/skeleton`` and ``golden/monitor`` were recorded.

Skeletons: programs print ``Beginning VICAR task NAME`` and succeed, host commands do nothing and succeed, and the only log-on
command is ENABLE-FORCE_LOWER. The parameter files are those of the public tree, in flat libraries as an installation has
them. Monitor: no VICAR at all.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tae.host import DryRunHost, ProgramCall, ProgramResult
from tae.session import Session


class Stub(DryRunHost):
    """The recording's stand-in for every program: it prints its banner and ends with the key of plain success."""

    def run(self, call: ProgramCall, session: Any) -> ProgramResult:
        super().run(call, session)
        return ProgramResult(skey="TAE-SUCCESS")


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run ``job["command"]`` in ``job["directory"]`` as ``taetm -s COMMAND``; the environment says where the log-on procedure
    (TAEPDF) and the parameter files (R2LIB, R3LIB) are."""
    with open(job["output"], "w", encoding="latin-1", errors="replace", newline="") as output:
        session = Session(
            directory=Path(job["directory"]),
            environment=job["environment"],
            user=job["user"],
            output=output,
            dry_run=True,
        )
        session.host = Stub()
        session.set_global("$APLIB", ("$R2LIB", "$R3LIB"))
        status = session.run_command_line(job["command"], slogon=True)
    return {"status": status}


def run_bare(job: dict[str, Any]) -> dict[str, Any]:
    """``taetm COMMAND`` without any VICAR around it: no log-on procedure, no programs, and the folder is the system's library.

    With ``job["typed"]`` those lines are typed at the prompt instead.
    """
    typed = job.get("typed")
    with open(job["output"], "w", encoding="latin-1", errors="replace", newline="") as output, _errors_to(output):
        session = Session(
            directory=Path(job["directory"]),
            environment={**job["environment"], "TAEPDF": job["directory"], "ULIB": ""},
            user=job["user"],
            output=output,
            input=None if typed is None else io.StringIO(typed),
        )
        status = session.run_command_line(job["command"], slogon=False) if typed is None else session.prompt_loop()
    return {"status": status}


@contextmanager
def _errors_to(output: IO[str]) -> Iterator[None]:
    """Error output of host commands goes where standard output goes, as in the recorded runs."""
    before = os.dup(2)
    os.dup2(output.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
