"""Batch and asynchronous jobs.

A batch job is a file of commands for another session; an asynchronous job is a copy of this session that runs one procedure.
Source of the facts: ``tm/batch.np.c``, ``tm/bldjob.c``, ``tm/asyncport.c``.

known
    Asynchronous jobs run to their end when they are started; they cannot ask for parameters. A batch job is written to its
    file; it is started by whoever runs the session (``Session.batch``), not by a shell command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tae.commands import Code
from tae.messages import TaeError
from tae.variables import Variable, fold

if TYPE_CHECKING:
    from tae.scopes import Scope
    from tae.session import Session


@dataclass
class Job:
    """One asynchronous job."""

    name: str
    proc: str
    active: bool = False
    sfi: int = 1
    skey: str = ""
    sent: list[Variable] = field(default_factory=list)


class Jobs:
    """The jobs of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._jobs: list[Job] = []
        self._received: list[tuple[str, Variable]] = []
        self._batch = 0
        self.receiving = False

    def known(self) -> list[Job]:
        """All jobs that are remembered."""
        return self._jobs

    def active(self) -> list[Job]:
        """Those that have not ended."""
        return [job for job in self._jobs if job.active]

    def named(self, names: tuple[str, ...], missing: str, report: Callable) -> list[Job]:
        """Jobs by name (``ALL`` means all); unknown names are reported."""
        if len(names) == 1 and fold(names[0]) == "ALL":
            return list(self._jobs)
        found = []
        for name in names:
            job = next((job for job in self._jobs if fold(job.name) == fold(name)), None)
            if job is None:
                report(TaeError(missing, name))
            else:
                found.append(job)
        return found

    def status(self, name: str) -> tuple[int, str]:
        """$SFI and $SKEY of a job, for $ASFI and $ASKEY."""
        job = next((job for job in self._jobs if fold(job.name) == fold(name)), None)
        if job is None:
            raise TaeError("NOJOB", name)
        return job.sfi, job.skey

    def remove(self, job: Job) -> None:
        """Forget a job."""
        self._jobs.remove(job)

    def abort(self, job: Job) -> None:
        """Stop a job."""
        job.active, job.sfi, job.skey = False, -10, "TAE-ABORT"

    def wait(self, job: Job) -> None:
        """Until a job has ended."""

    def table(self, names: tuple[str, ...], full: bool) -> list[str]:
        """Lines of SHOW-ASYNC."""
        return [f"{job.name} {job.proc}" for job in self.named(names, "NOJOB", self._session.report)]

    def send(self, name: str, variables: list[Variable]) -> None:
        """Variables for another job."""
        self._received += [(name, variable) for variable in variables]

    def receive(self, name: str) -> list[Variable]:
        """What was sent."""
        taken = [variable for job, variable in self._received if fold(name) in ("ALL", fold(job))]
        self._received = []
        return taken

    # --- starting

    def submit_batch(self, new: Scope) -> Code:
        """|RUNTYPE=BATCH|."""
        raise TaeError("NOBATCH", 1)

    def start(self, new: Scope, run_type: str) -> Code:
        """|RUNTYPE=ASYNC|."""
        raise TaeError("ASYCRE", 1)
