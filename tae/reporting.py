"""What a session writes: output of procedures, messages, the echo; to terminal, standard output and session.log.

Source of the facts: ``tm/tmsubs.c`` (tmmsg, put_stdout, put_outmsg), ``tm/tm.c`` (echo, bchlog_cmd).
"""

from __future__ import annotations

from typing import IO

from tae.lines import echo_pieces
from tae.log import SessionLog
from tae.messages import TEXTS, TaeError
from tae.reports import c_format, location, message
from tae.scopes import Scope
from tae.usage import Usage
from tae.values import STRING
from tae.variables import Variable

RECORD = 250


class Reporting:
    """The writing half of a session."""

    usage: Usage
    current: Scope
    _echo: Variable

    def __init__(self, output: IO[str] | None, columns: int, run_type: str) -> None:
        self.output = output
        self.columns = columns
        self.run_type = run_type
        self.log = SessionLog()
        self.writes = 0  # how often something was written to the terminal
        self.last_key = ""  # of the last message
        self.held: list[TaeError] | None = None  # messages kept back while Python calls
        self.standard_output: IO[str] | None = None
        self.program_output: IO[str] | None = None
        self.terminal_log: IO[str] | None = None

    @property
    def display_width(self) -> int:
        """Columns that DISPLAY has."""
        return self.columns if self.standard_output is None else RECORD

    def write_terminal(self, text: str, end: str = "\n") -> None:
        """To the terminal alone."""
        self.writes += 1
        if self.output is not None:
            self.output.write(text + end)
        if self.terminal_log is not None:
            self.terminal_log.write(text + "\n")

    def print(self, text: str) -> None:
        """To the procedure's standard output and session.log: what WRITE, DISPLAY and the echo do (``put_stdout``)."""
        if self.standard_output is None:
            self.write_terminal(text)
        else:
            self.standard_output.write(text + "\n")
        self.log.line(text)

    def print_message(self, text: str) -> None:
        """A finished message: terminal, session.log, and a standard output that is a file (``put_outmsg``)."""
        if self.run_type == "INTERACTIVE":
            self.write_terminal(text)
            if self.global_text("$MESSAGE") in ("BELL", "ATTN") and self.output is not None:
                self.output.write("\a")
        self.log.line(text)
        if self.standard_output is not None:
            self.standard_output.write(text + "\n")

    def report(self, error: TaeError, failed: bool = True) -> None:
        """A message of the monitor: $SFI and $SKEY are set, the place is added (``tmmsg``)."""
        if self.held is not None:
            self.held.append(error)
            return
        scope = self.current
        self.set_status(-1 if failed else 1, error.key)
        text = c_format(error.text) if TEXTS.get(error.name) == "%s" else error.text
        if scope.on_fail:
            text += "\n\rProblem in _ONFAIL command."
        place = location(scope)
        if place:
            text += ";\n\r" + place
        text = message(text, error.key)
        private = scope.locals.exact("_MESSAGE")
        if private is not None:
            if private.type == STRING:
                private.set((text[: private.size],))
        else:
            self.last_key = error.key
            self.log.record("MS: ", text)
            self.print_message(text)
        for more in error.follow:
            self.report(more, failed)

    def program_message(self, text: str, key: str = "") -> None:
        """A message of the program that is running; without a key it is printed as it stands."""
        if self.program_output is not None:
            self.program_output.write((f"[{key}] {text}" if key else text) + "\n")
        if key in ("", " "):
            self.print(text)
        else:
            self.last_key = key
            text = message(c_format(text), key)
            self.print_message(text)
        self.interpreter.log_program_message(text)

    def echo(self, scope: Scope, text: str) -> None:
        """Show a command before it is executed, if $ECHO says so."""
        if scope.level == 0:
            if self.run_type != "INTERACTIVE":
                for piece in echo_pieces(text, self.breaks):
                    self.print(piece)
            elif self.log.enabled:
                for piece in echo_pieces(text, self.breaks):
                    self.log.line(piece)
            return
        flags = self._echo.values
        flag = flags[min(scope.level, len(flags)) - 1][0]
        if flag == "F" or (flag in "YB" and scope.in_body):
            for piece in echo_pieces(text, self.breaks):
                self.print(piece)

    def trace(self, scope: Scope, text: str) -> None:
        """Show the file of a procedure that is started, if $ECHO is TRACE."""
        flags = self._echo.values
        if flags[max(min(scope.level, len(flags)), 1) - 1][0] == "T":
            self.print(text)

    def show_usage(self, level: int) -> None:
        """Print what the session and the last procedure of a level took."""
        for line in self.usage.lines(level, self.run_type):
            self.print(line)
