"""Batch and asynchronous jobs: a file of commands that another session works off.

``|RUNTYPE=BATCH|`` and ``|RUNTYPE=ASYNC|`` write the job file as the original does: it logs on, restores globals and level-0
locals from a parameter file, runs the procedure with its parameters and tells how that ended. A session of its own, with
the same programs, then executes it. Source of the facts: ``tm/batch.np.c``, ``tm/bldjob.c``, ``tm/asyncport.c``.

accepted
    A job has run to its end when the command that started it is done; the original lets it run beside. What follows (WAIT,
    SHOW, logs, status) is the same.

known
    Jobs cannot ask for parameters (REPLY), and there is no SENDVAR between a session and its job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tae import restoring
from tae.commands import Code
from tae.library import SpecError
from tae.messages import TaeError
from tae.values import NAME
from tae.variables import Variable, fold

if TYPE_CHECKING:
    from tae.scopes import Scope
    from tae.session import Session

JOB_NAME_SIZE = 15
QUEUES = ("nohup", "nice", "norun")


@dataclass
class Job:
    """One asynchronous job."""

    name: str
    proc: str
    active: bool = False
    sfi: int = 1
    skey: str = ""


class Jobs:
    """The jobs of a session."""

    HEADER = "\n      Name           Proc     State          sfi    skey\n"
    NONE = "\n...none...\n"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._jobs: list[Job] = []
        self.sent: list[tuple[str, list[Variable]]] = []  # by SENDVAR, not taken yet: from which job, what
        self._batch = 0
        self.receiving = False

    # --- the list

    def known(self) -> list[Job]:
        """All jobs that are remembered."""
        return self._jobs

    def find(self, name: str) -> Job | None:
        """A job by its name."""
        return next((job for job in self._jobs if fold(job.name) == fold(name)), None)

    def named(self, names: Sequence[str], key: str, report: Callable[[TaeError], None]) -> list[Job]:
        """Jobs by name; unknown ones are reported with the message ``key``."""
        found = []
        for name in names:
            job = self.find(name)
            if job is None:
                report(TaeError(key, name))
            else:
                found.append(job)
        return found

    def status(self, name: str) -> tuple[int, str]:
        """$SFI and $SKEY of a job, for $ASFI and $ASKEY."""
        job = self.find(name)
        if job is None:
            raise TaeError("NOJOB", name)
        return job.sfi, job.skey

    def remove(self, job: Job) -> None:
        """Forget a job."""
        self._jobs.remove(job)

    def table(self, jobs: Sequence[Job], full: bool) -> list[str]:
        """Lines of SHOW-ASYNC about jobs."""
        lines = []
        for job in jobs:
            state = "ACTIVE" if job.active else "COMPLETE"
            if full:
                lines += ["", f"JOB:  {job.name}", f"       PROC:  {job.proc}", f"       STATE: {state}"]
                lines += [f"       $SFI:  {job.sfi}", f"       $SKEY: {job.skey}"]
            else:
                line = f"   {job.name:<16}{job.proc:<10}{state:<10}"
                lines.append(f"{line}{job.sfi:>10}  {job.skey}")
        return lines

    # --- starting

    def submit_batch(self, new: Scope) -> Code:
        """|RUNTYPE=(BATCH,queue)|: write a job file, and work it off unless the queue is NORUN."""
        session = self._session
        self._batch = self._batch % 999 + 1
        job = f"job{session.global_text('$SESSION')}_{self._batch}"
        run_type, output = new.qualifiers.exact("RUNTYPE").values, new.qualifiers.exact("STDOUT")
        queue = run_type[1].lower() if len(run_type) > 1 else QUEUES[0]
        if queue not in QUEUES:
            raise TaeError("INVBQNAM", run_type[1])
        try:
            log = session.files.crack(output.text, name=f"{new.name}{self._batch}", kind="log").text
            lines = self._write(new, job, "BATCH", keep=queue == "norun")
        except SpecError:
            log, lines = f"{new.name}{self._batch}.log", self._write(new, job, "BATCH", keep=queue == "norun")
        if queue == "norun":
            session.print(f"Batch job file '{job}.job' created successfully.")
            return Code.SUCCESS
        session.print(f"Batch job file '{job}.job' submitted successfully.")
        self._work_off(lines, "BATCH", log)
        return Code.SUCCESS

    def start(self, new: Scope, run_type: str) -> Code:
        """|RUNTYPE=ASYNC|: the same beside the session, with a name in its list of jobs."""
        session = self._session
        if run_type == "ASYNC-PROCESS" and new.kind != "PROCESS":
            raise TaeError("NOTPROCESS")
        job = Job(self._name(new), new.name)
        lines = self._write(new, new.name, "ASYNC", keep=False)
        try:
            log = session.files.crack(new.qualifiers.exact("STDOUT").text, name=new.name, kind="log").text
        except SpecError:
            log = f"{new.name}.log"
        self._jobs.append(job)
        status = self._work_off(lines, "ASYNC", log)
        job.sfi, job.skey = status
        session.report(TaeError("ASYNCJOB", job.name), failed=False)
        session.set_global("$SKEY", (job.name,))
        return Code.SUCCESS

    def _name(self, new: Scope) -> str:
        given, run_type = new.qualifiers.exact("JOB").text, new.qualifiers.exact("RUNTYPE").values
        if len(run_type) == 2:
            if given:
                self._session.report(TaeError("JOBREDUN"), failed=False)
            else:
                given = run_type[1]
        if fold(given) == "ALL":
            raise TaeError("RESALL")
        if len(given) > JOB_NAME_SIZE:
            raise TaeError("LONGJNAME", given, JOB_NAME_SIZE)
        if given:
            if self.find(given):
                raise TaeError("USEDNAME", given)
            return given
        name, number = new.name, 0
        while self.find(name):
            number += 1
            name = f"{new.name}_{number}"
        return name

    def _write(self, new: Scope, job: str, run_type: str, keep: bool) -> list[str]:
        """Write the job file and its parameter file (``bld_tcl``); the lines of the job file."""
        session = self._session
        parameters = session.files.full(f"{job}.jen")
        variables = [v for v in new.parameters if not (v.type == NAME and v.reference is None)]
        restoring.save(session, f"{job}.jen", [*variables, *session.top.locals, *session.globals])
        where = str(new.source.path) if not new.internal else new.name
        subcommand = f"-{new.subcommand}" if new.subcommand else ""
        lines = [
            f"{run_type} !tell TAE Monitor the mode",
            new.name,
            "slogon",
            "RESTORE-GLOBAL + !restore global environment",
            f"\t{parameters}",
            "RESTORE-LOCAL + !restore level 0 locals",
            f"\t{parameters}",
            "DISPLAY !display level 0 locals and globals",
            "DISPLAY-PARFILE CLASS=PARMS FILE=+ !display parameters",
            f"\t{parameters}",
            " ",
            'write "************* Execute The Proc ******************** "',
            f"{where}{subcommand}| RESTORE = {parameters} |",
            " ",
            "DISPLAY ($SFI, $SKEY) !show proc status",
            "LOCAL _SFI INTEGER INITIAL=&$SFI ! remember return code",
        ]
        if run_type == "ASYNC":
            lines.append("EMIT $SFI=&_SFI !send final status")
        if not keep:
            lines += ["ush rm +", f"\t{parameters}", "ush rm +", f"\t{session.files.full(f'{job}.job')}"]
        lines.append("LOGOFF $SFI=&_SFI ! return proc's $sfi to host")
        try:
            text = "".join(line + "\n" for line in lines)
            session.files.path(f"{job}.job").write_text(text, encoding="latin-1", errors="replace")
        except OSError as error:
            raise TaeError("BCHOPN", f"{job}.job", error.strerror) from None
        return lines

    def _work_off(self, lines: Sequence[str], run_type: str, log: str) -> tuple[int, str]:
        """Execute a job file in a session of its own; its status as it was emitted."""
        path = self._session.files.path(log)
        with path.open("w", encoding="latin-1", errors="replace", newline="\n") as output:
            child = self._session.child(run_type)
            child.standard_output = output
            child.top.locals.exact("_STDOUT").set((str(path), "APPEND"))
            child.work_off(list(lines[2:]))
        sfi, skey = child.emitted
        return (child.sfi if sfi is None else sfi), (child.skey if skey is None else skey)
