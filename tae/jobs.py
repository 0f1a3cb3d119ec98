"""Batch and asynchronous jobs: a file of commands that another session works off.

``|RUNTYPE=BATCH|`` and ``|RUNTYPE=ASYNC|`` write the job file as the original does: it logs on, restores globals and level-0
locals from a parameter file, runs the procedure with its parameters and tells how that ended. A session of its own, with
the same programs, then executes it. Source of the facts: ``tm/batch.np.c``, ``tm/bldjob.c``, ``tm/asyncport.c``.

Asynchronous jobs run beside the session and end with it; batch jobs go on without it.

accepted
    The files of a job bear its name; in the original those of two jobs with one procedure get into each other's way.
    The original as built on Linux with its own flags is ended by the first message of a job (SIGUSR1); with that signal ignored
    it does what is done here, but for what its session tells a job, which it cannot read: a job has its process number in $JOB
    and nothing in $PARENT, and GETPAR in it fails with RCVMON after any REPLY. Here a job knows its name and gets what was typed.
    With $DYNAMIC="PROMPT" GETPAR in a job of the original reads from the keyboard while its session does; here it takes REPLY.
    That a job asks is said before the next prompt; the original breaks in on the prompt that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tae import restoring
from tae.background import Background, Parent, detach
from tae.commands import Code
from tae.library import SpecError
from tae.messages import TaeError
from tae.values import NAME
from tae.variables import fold

if TYPE_CHECKING:
    from tae.mailbox import Mailbox
    from tae.scopes import Scope
    from tae.session import Session

JOB_NAME_SIZE = 15
MAX_JOBS = 100
TURNS = count(1)
QUEUES = ("nohup", "nice", "norun")


@dataclass
class Job:
    """One asynchronous job."""

    name: str
    proc: str
    identity: str
    process: Background | None = None
    sfi: int = 0
    skey: str = ""
    notify: bool = False  # say when it has ended
    request: str = ""  # the file with the parameters it asks for
    turn: int = 0  # when it asked

    @property
    def active(self) -> bool:
        """Whether it still runs, as far as was heard."""
        return self.process is not None and self.process.active

    @property
    def waiting(self) -> bool:
        """Whether it asks for parameters."""
        return bool(self.request) and self.active

    def listen(self, seconds: float = 0.0) -> None:
        """Take in what the job told, waiting so long for something."""
        if self.process is not None:
            for told in self.process.told(seconds):
                if isinstance(told, str):
                    self.request, self.turn = told, next(TURNS)
                else:
                    self.sfi, self.skey = told


class Jobs:
    """The jobs of a session."""

    HEADER = "\n      Name           Proc     State          sfi    skey\n"
    NONE = "\n...none...\n"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._jobs: list[Job] = []
        self._batch = self._started = self._announced = 0
        self.mailbox: Mailbox | None = None  # after ENABLE-RECVAR

    # --- the list

    def known(self) -> list[Job]:
        """All jobs that are remembered, as they are now."""
        for job in self._jobs:
            job.listen()
        return self._jobs

    def find(self, name: str) -> Job | None:
        """A job by its name."""
        return next((job for job in self.known() if fold(job.name) == fold(name)), None)

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
        """Lines of SHOW-ASYNC about jobs; the short form is as wide as the terminal, nothing where there is none."""
        lines = []
        for job in jobs:
            state = "WAITING" if job.waiting else "ACTIVE" if job.active else "COMPLETE"
            if full:
                lines += ["", f"JOB: {job.name}", f" PROC: {job.proc}", f" SESSION ID: {job.identity}", f" STATE:  {state}"]
                lines += [f" SFI: {job.sfi}", f" SKEY: {job.skey}"]
            else:
                columns = self._session.columns
                line = f"   {job.name:<16}{job.proc:<10}{state:<10}{job.sfi:>10}  {job.skey}"
                lines.append(line.ljust(columns)[:columns])
        return lines

    def wait(self, job: Job) -> bool:
        """Wait until a job has ended or asks for parameters; False when the user pressed control-C."""
        session = self._session
        try:
            while job.active and not job.waiting and not session.attention:
                job.listen(0.5)
        except KeyboardInterrupt:
            return False
        pressed, session.attention = session.attention, False
        return not pressed

    def abort(self, job: Job) -> None:
        """End an active job."""
        job.process.abort()
        if job.request:
            Path(job.request).unlink(missing_ok=True)
        job.sfi, job.skey, job.notify = -1, "ABORTED", False
        self._session.report(TaeError("ABORTOK", job.name), failed=False)

    def abort_all(self) -> None:
        """End all active jobs: the session ends."""
        for job in self.known():
            if job.active:
                self.abort(job)

    def announce(self) -> None:
        """Tell about jobs that ask for parameters, and about those that ended and were to be told about (ASYNCEND=NOTIFY)."""
        asked = max((job.turn for job in self.known() if job.waiting), default=0)
        if asked > self._announced:
            self._announced = asked
            self._session.report(TaeError("ASYNCREQ"), failed=False)
        for job in self.known():
            if job.notify and not job.active:
                job.notify = False
                self._session.report(TaeError("ASYNCDONE", f'Job "{job.name}" complete.'), failed=False)

    def asking(self, name: str | None) -> Job:
        """The job of a name, or the one that asked first; raises unless it asks for parameters."""
        waiting = [job for job in self.known() if job.waiting and (name is None or fold(job.name) == fold(name))]
        job = min(waiting, key=lambda job: job.turn, default=None)
        if job is None:
            raise TaeError("NOWAIT")
        self._announced = job.turn if self._session.menu_mode else max(other.turn for other in self.known())
        return job

    def receive_no_more(self) -> None:
        """DISABLE-RECVAR."""
        if self.mailbox is not None:
            self.mailbox.close()
            self.mailbox = None

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
        session.flush()
        detach(partial(self._work_off, lines, "BATCH", session.files.path(log)))
        return Code.SUCCESS

    def start(self, new: Scope, run_type: str) -> Code:
        """|RUNTYPE=ASYNC|: the same beside the session, with a name in its list of jobs."""
        session = self._session
        if run_type == "ASYNC-PROCESS" and new.kind != "PROCESS":
            raise TaeError("NOTPROCESS")
        name = self._name(new)
        job = Job(name, new.name, f"{session.global_text('$SESSION')}{new.name}{self._started}", skey=name)
        job.notify = new.qualifiers.exact("ASYNCEND").text.upper() == "NOTIFY"
        lines = self._write(new, name, "ASYNC", keep=False)
        try:
            log = session.files.crack(new.qualifiers.exact("STDOUT").text, name=new.name, kind="log").text
        except SpecError:
            log = f"{new.name}.log"
        self._make_room()
        session.flush()
        path = session.files.path(log)
        interactive = session.run_type == "INTERACTIVE"
        job.process = Background(lambda parent: self._work_off(lines, "ASYNC", path, name, parent), interactive)
        self._jobs.append(job)
        self._started += 1
        session.report(TaeError("ASYNCJOB", job.name), failed=False)
        session.set_global("$SKEY", (job.name,))
        return Code.SUCCESS

    def _make_room(self) -> None:
        """The list has an end: the first job that is not active goes."""
        jobs = self.known()
        if len(jobs) < MAX_JOBS:
            return
        done = next((job for job in jobs if not job.active), None)
        if done is None:
            raise TaeError("NOASYROOM")
        self._session.report(TaeError("REMOVE", done.name), failed=False)
        self._jobs.remove(done)

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
        parameters, itself = f"./{job}.jen", f"./{job}.job"
        if run_type == "BATCH":
            parameters, itself = session.files.full(f"{job}.jen"), session.files.full(f"{job}.job")
        variables = [v for v in new.parameters if not (v.type == NAME and v.reference is None)]
        restoring.save(session, f"{job}.jen", [*variables, *session.top.locals, *session.globals])
        where = new.name if new.internal else new.spec.text if new.spec is not None and new.spec.library else str(new.source.path)
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
            'write "************* Execute The Proc ********************  "',
            f"{where}{subcommand}| RESTORE = {parameters} |",
            " ",
            "DISPLAY ($SFI, $SKEY) !show proc status",
            "LOCAL _SFI INTEGER INITIAL=&$SFI ! remember return code",
        ]
        if run_type == "ASYNC":
            lines.append("EMIT $SFI=&_SFI !send final status")
        if not keep:
            lines += ["ush rm +", f"\t{parameters}", "ush rm +", f"\t{itself}"]
        lines.append("LOGOFF $SFI=&_SFI ! return proc's $sfi to host")
        try:
            text = "".join(line + "\n" for line in lines)
            session.files.path(f"{job}.job").write_text(text, encoding="latin-1", errors="replace")
        except OSError as error:
            raise TaeError("BCHOPN", f"{job}.job", error.strerror) from None
        return lines

    def _work_off(self, lines: Sequence[str], run_type: str, path: Path, name: str = "", parent: Parent | None = None) -> None:
        """Execute a job file in a session of its own; what host commands of a batch job say goes to a file beside its log."""
        with path.open("w", encoding="latin-1", errors="replace", newline="\n") as output:
            child = self._session.child(run_type)
            if run_type == "BATCH":
                child.output = path.with_name(path.name + ".stdout").open("w", encoding="latin-1", errors="replace")
            if parent is not None:
                child.parent = parent
                child.set_global("$JOB", (name,))
                child.set_global("$PARENT", (self._session.global_text("$JOB"),))
            child.standard_output = output
            child.top.locals.exact("_STDOUT").set((str(path), "APPEND"))
            child.work_off(list(lines[2:]))
