"""One session of the command language: everything that lives between two commands.

A `Session` holds globals, libraries, logs, the directory and environment, clock, user and streams, and the *host* that runs
programs. There is no other state: two sessions in one process do not see each other.

    session = Session(directory=".", environment=os.environ, host=host, output=sys.stdout)
    session.run_command_line("tstgen")     # what ``taetm -s "tstgen"`` does; the exit status
    session.execute("gen a.img 10 10")     # one more command; the value of $SFI

Source of the facts: ``tm/tm.c``, ``tm/tmsubs.c``, ``tm/tminit.c``, ``tm/log.c``.

accepted
    A procedure's file is read once, when it is opened, not again after every nested call: a procedure that is rewritten while
    it runs goes on as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tae.commands import Code
from tae.conversation import Conversation
from tae.evaluation import Evaluator
from tae.global_variables import initial_globals
from tae.host import DryRunHost, ProgramHost
from tae.interpreter import Interpreter
from tae.library import FileSystem, Found, search
from tae.lines import Joiner
from tae.messages import TaeError
from tae.reporting import Reporting
from tae.scopes import Scope
from tae.usage import Usage
from tae.values import NAME, STRING
from tae.variables import BadValue, Variable, string

if TYPE_CHECKING:
    from tae.background import Parent
    from tae.help import Help
    from tae.jobs import Jobs
    from tae.tutor.menu import Menu

TERMINAL = "/dev/tty"
NO_VALIDATE = 0x20


class SessionEnd(Exception):
    """EXIT or LOGOFF was executed; the argument is the exit status."""

    def __init__(self, status: int = 1) -> None:
        super().__init__(status)
        self.status = status


class Session(Conversation, Reporting):
    """A session.

    Parameters
    ----------
    directory : path
        Where relative file names start, and where the logs go.
    environment : mapping of str
        Environment variables, for file names and for programs.
    user : str
        Name of the user, for labels.
    clock : callable
        Seconds since the epoch, as ``time.time``.
    host : ProgramHost
        What runs programs.
    output, input : text streams
        Standard output; where prompts read (None: nothing can be read).
    host_commands : bool
        Whether USH may run.
    columns : int
        Width of the terminal; 0 when standard output is none.
    run_type : str
        ``INTERACTIVE``, ``BATCH`` or ``ASYNC``.
    dry_run : bool
        Programs only print their banner, USH does nothing.
    """

    version = "V5.3 "

    def __init__(
        self,
        directory: str | Path = ".",
        environment: Mapping[str, str] | None = None,
        user: str = "",
        clock: Callable[[], float] = time.time,
        host: ProgramHost | None = None,
        output: IO[str] | None = None,
        input: IO[str] | None = None,
        host_commands: bool = True,
        columns: int = 0,
        run_type: str = "INTERACTIVE",
        dry_run: bool = False,
        identity: str = "1",
    ) -> None:
        Conversation.__init__(self, input)
        Reporting.__init__(self, output, columns, run_type)
        self.directory = Path(directory).absolute()
        self.environment = dict(environment or {})
        self.user = user
        self.clock = clock
        self.host: ProgramHost = DryRunHost() if dry_run or host is None else host
        self.host_commands = host_commands
        self.dry_run = dry_run
        self.files = FileSystem(lambda: self.directory, self.environment)
        self.globals = initial_globals(run_type, identity, self.environment.get("ULIB", "."))
        self._names = {name: self.globals.exact(name) for name in ("$SFI", "$SKEY", "$SWITCH", "$FILEVER", "$MESSAGE")}
        self._echo = self.globals.exact({"BATCH": "$BECHO", "ASYNC": "$AECHO"}.get(run_type, "$ECHO"))
        self.top = Scope(0, name="TERMINAL", globals=self.globals, in_body=True)
        self.top.locals.add(string("_STDOUT", TERMINAL, "", maximum=2))
        self.current = self.top
        self.latched: Scope | None = None
        self.interrupts = True
        self.interrupted = False
        self.attention = False  # control-C was pressed between two commands
        self.pass_through = True
        self.menu_mode = False
        self.parent: Parent | None = None  # the session that started this job
        self.help_subject: tuple[str, str] | None = None  # procedure and subcommand of the HELP before
        self.usage = Usage(clock)
        self.evaluator = Evaluator(self._functions(), lambda: self.validate, self.files_fine)
        self.interpreter = Interpreter(self)

    # --- what few sessions need is made when it is asked for

    @cached_property
    def help(self) -> Help:
        """HELP."""
        from tae.help import Help

        return Help(self)

    @cached_property
    def menus(self) -> Menu:
        """MENU."""
        from tae.tutor.menu import Menu

        return Menu(self)

    @property
    def menu(self) -> Menu | None:
        """The menu the user came from, None in command mode."""
        return self.menus if self.menu_mode else None

    @cached_property
    def jobs(self) -> Jobs:
        """Batch and asynchronous jobs."""
        from tae.jobs import Jobs

        return Jobs(self)

    # --- running commands

    def execute(self, line: str) -> int:
        """Run one command as if typed at the prompt, after its continuation lines were joined.

        Returns $SFI. Raises `SessionEnd` when the command ends the session.
        """
        joiner = Joiner()
        try:
            for text in line.split("\n"):
                if not joiner.feed(text):
                    break
        except TaeError as error:
            self.report(error)
            return self.sfi
        self.breaks = tuple(joiner.breaks)
        return self.run_text(joiner.text)

    def run_text(self, text: str) -> int:
        """Run a command whose lines are joined already (what prompt, menu and command line do); returns $SFI."""
        if text:
            self.remember(text)
            self.attention = False
            try:
                self.interpreter.process(text, self.top)
            except RecursionError:
                self.current = self.top
                self.report(TaeError("MEMOVR.ignored"))
            finally:
                self.current = self.top
                self.flush()
        return self.sfi

    def run_command_line(self, line: str, slogon: bool = True) -> int:
        """``taetm -s "line"`` (or, without ``slogon``, ``taetm "line"``); returns the exit status, 0 when $SFI > 0."""
        try:
            if slogon:
                self.run_text("slogon")
            self.run_text(line)
        except SessionEnd as end:
            return end.status
        finally:
            self.close()
        return 0 if self.sfi > 0 else 1

    def prompt_loop(self, greet: bool = True, slogon: bool = True, read: Callable[[str], str | None] | None = None) -> int:
        """A session at the prompt; returns its exit status.

        ``read(prompt)`` gives one line, None at the end of input; by default lines come from ``input`` and are echoed, as the
        original does when it has no terminal.
        """
        read = self._reader = read or self.read_line
        if greet:
            for text in ("", "                Welcome to VICAR", ""):
                self.print(text)
        try:
            if slogon:
                self.run_text("slogon")
            while True:
                try:
                    text = self._next_text(read)
                    if text is None:
                        return 1
                    self.run_text(text)
                except KeyboardInterrupt:
                    self.write_terminal("")
        except SessionEnd as end:
            return end.status
        finally:
            self.close()

    def _next_text(self, read: Callable[[str], str | None]) -> str | None:
        """The next command: typed to leave HELP, chosen in a menu, or read at the prompt; None at the end of input."""
        text, self.next_command = self.next_command, ""
        if text:
            return text
        if "jobs" in self.__dict__:
            self.jobs.announce()
        if self.menu_mode:
            return self.menus.next_command()
        return self.read_command(f"{self.global_text('$PROMPT')}>", read)

    def child(self, run_type: str) -> Session:
        """A session like this one for a job: same place, same programs, nothing else in common."""
        return Session(
            self.directory, self.environment, self.user, self.clock, self.host, None, None, run_type=run_type,
            dry_run=self.dry_run, identity=self.global_text("$SESSION"),
        )  # fmt: skip

    def work_off(self, lines: list[str]) -> None:
        """Execute the lines of a job file, with the greeting a session starts with."""
        for text in ("", "                Welcome to VICAR", ""):
            self.print(text)
        left = iter(lines)
        try:
            while (text := self.read_command("", lambda _prompt: next(left, None))) is not None:
                self.run_text(text)
            self.log_off()
        except SessionEnd:
            pass
        finally:
            self.close()

    def interrupt(self, scope: Scope) -> Code:
        """The user pressed control-C while a procedure ran: commands at a prompt of its own, until ABORT or CONTINUE."""
        if not scope.interruptible:
            return Code.SUCCESS
        if not self.interrupts:
            return Code.ABORT
        status, output, current = (self.sfi, self.skey), self.standard_output, self.current
        outer = self.interrupted
        self.interrupted, self.standard_output, self.current = True, None, self.top
        try:
            while True:
                text, self.next_command = self.next_command, ""
                text = text or self.ask_command(f"{self.global_text('$PROMPT')}-INTERRUPT>", recall=True)
                if text is None:
                    return Code.ABORT
                if text:
                    self.remember(text)
                    code = self.interpreter.process(text, self.top)
                    if code in (Code.ABORT, Code.CONTINUE):
                        return Code.ABORT if code is Code.ABORT else Code.SUCCESS
        finally:
            self.interrupted, self.standard_output, self.current = outer, output, current
            self.set_status(*status)

    def log_off(self) -> None:
        """Run slogoff and end the session."""
        if self.run_type == "ASYNC":
            self.print("\nJob terminated.")
        self.interpreter.process("slogoff", self.current)
        raise SessionEnd

    def close(self) -> None:
        """End jobs that run; write out and close what is open."""
        if "jobs" in self.__dict__:
            self.jobs.abort_all()
            self.jobs.receive_no_more()
        self.log.close()
        if self.terminal_log is not None:
            self.terminal_log.close()
            self.terminal_log = None
        self.flush()

    def flush(self) -> None:
        """Let others see what was printed and logged so far."""
        if self.output is not None:
            self.output.flush()
        if self.standard_output is not None:
            self.standard_output.flush()
        self.log.flush()

    def remember(self, text: str) -> None:
        """Put a command into $LASTCMD, newest first, unless it repeats the last."""
        history = self.globals.exact("$LASTCMD")
        text = text[: history.size]
        if history.values and history.values[0].upper() != text.upper():
            history.values = (text, *history.values)[: history.maximum]

    @property
    def running(self) -> bool:
        """Whether a program runs."""
        return self.interpreter.runner.running

    # --- globals

    def global_values(self, name: str) -> tuple:
        """Values of a global; () for null."""
        return self.globals.exact(name).values or ()

    def global_text(self, name: str) -> str:
        """First value of a string global."""
        return self.globals.exact(name).text

    def set_global(self, name: str, values: tuple) -> None:
        """Set a global without looking at its declaration."""
        self.globals.exact(name).values = values

    @property
    def sfi(self) -> int:
        """$SFI: negative after a failure."""
        return self._names["$SFI"].values[0]

    @property
    def skey(self) -> str:
        """$SKEY: key of the last message."""
        return self._names["$SKEY"].values[0]

    def set_status(self, sfi: int, skey: str) -> None:
        """Set $SFI and $SKEY."""
        self._names["$SFI"].values = (sfi,)
        self._names["$SKEY"].values = (skey,)

    @property
    def switch(self) -> int:
        """$SWITCH: the flags."""
        return self._names["$SWITCH"].values[0]

    @property
    def validate(self) -> bool:
        """Whether VALID lists and string sizes count."""
        return not self._names["$SWITCH"].values[0] & NO_VALIDATE

    def files_fine(self, variable: Variable, values: Any) -> bool:
        """Whether the values of a FILE variable name files that are there; asked only while $FILEVER is YES."""
        if self._names["$FILEVER"].values[0] != "YES":
            return True
        for value in values:
            path = self.files.existing(value)
            if variable.access in ("IN", "INOUT") and path is None:
                return False
        return True

    def _functions(self) -> dict[str, tuple]:
        """The functions of expressions that know the session."""
        return {
            "$GLOBAL": (NAME, lambda argument, _search: int(self.globals.exact(str(argument.value)) is not None)),
            "$ASFI": (STRING, lambda argument, _search: self.jobs.status(argument.value)[0]),
            "$ASKEY": (STRING, lambda argument, _search: self.jobs.status(argument.value)[1]),
        }

    def assign(self, variable: Variable, type_: str, values: tuple | None, error: str, *arguments: object) -> bool:
        """Check and set a value that came from elsewhere; False, with a message, when it does not fit."""
        variable = variable.resolved
        try:
            if values is None:
                if variable.type != type_:
                    raise BadValue("type")
                variable.values = None
            else:
                variable.check(type_, values, files=self.files_fine, validate=self.validate)
                variable.set(values, validate=self.validate)
        except BadValue:
            self.report(TaeError(error, *arguments))
            return False
        return True

    def commands_changed(self) -> None:
        """A DEFCMD came or went."""
        self.interpreter.forget_commands()

    # --- the world outside

    def time_text(self) -> str:
        """The time as session.tsl has it: ``Nov 21 10:15:00 2026``."""
        return time.asctime(time.localtime(self.clock()))[4:]

    def find(self, name: str, kind: str) -> Found | None:
        """A file in the user's, application and system libraries; raises SpecError, OSError."""
        libraries = [
            *self.global_values("$USERLIB")[:1],
            *self.global_values("$APLIB"),
            *self.global_values("$SYSLIB")[:1],
        ]
        return search(self.files, name, kind, libraries)

    def read_lines(self, path: Path) -> list[str]:
        """The lines of a text file, bytes kept as Latin-1."""
        text = path.read_bytes().decode("latin-1")
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        return lines

    def host_environment(self) -> dict[str, str]:
        """Environment of host commands."""
        return self.environment

    def shell(self, command: str | None) -> int:
        """Run a command with the user's shell, as ``system()`` does; None means an interactive shell.

        Returns the raw wait status. In a dry run nothing is run.
        """
        if self.dry_run:
            return 0
        from tae import hostcommand

        return hostcommand.run(self, command)

    def call(self, name: str, subcommand: str = "", positional: tuple = (), named: Mapping[str, Any] | None = None):
        """Run a program or procedure with Python values, bound as a command line binds them.

        Parameters
        ----------
        name, subcommand : str
            As they would be typed.
        positional : sequence
            Values (or lists of values, None for null) in the order of the parameters; ``...`` skips one.
        named : mapping
            Parameter name (it may be abbreviated) to value; the key ``"'"`` lists keywords.

        Returns the `ProgramResult` (for a procedure: its status). Raises `TaeError` as the command would have failed.
        """
        from tae import pycall

        return pycall.call(self, name, subcommand, positional, named or {})

