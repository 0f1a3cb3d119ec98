"""The language alone: procedures with every program replaced by its banner, as ``golden/skeleton`` was recorded.

Programs print ``Beginning VICAR task NAME`` and succeed, host commands do nothing and succeed, and the only log-on command
is ENABLE-FORCE_LOWER. The parameter files are those of the public tree, in flat libraries as an installation has them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run ``job["command"]`` in ``job["directory"]``; the environment names the libraries."""
    from tae.session import Session

    folder = Path(job["directory"])
    libraries = job["environment"]["VERIFY_LIBRARIES"].split()
    with open(job["output"], "w", encoding="latin-1", errors="replace", newline="") as output:
        session = Session(
            directory=folder, environment=job["environment"], user=job["user"], output=output, dry_run=True
        )
        session.set_global("$APLIB", tuple(libraries))
        session.execute("enable-force_lower")
        status = session.run_command_line(job["command"], slogon=False)
    return {"status": status}


def run_bare(job: dict[str, Any]) -> dict[str, Any]:
    """``taetm COMMAND`` without any VICAR around it: no log-on procedure, no libraries, no programs.

    With ``job["typed"]`` those lines are typed at the prompt instead.
    """
    from tae.session import Session

    typed = job.get("typed")
    with open(job["output"], "w", encoding="latin-1", errors="replace", newline="") as output, _errors_to(output):
        session = Session(
            directory=Path(job["directory"]),
            environment=job["environment"],
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
