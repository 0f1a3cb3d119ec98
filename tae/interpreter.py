"""One command at a time: substitution, look-up, echo, checks, execution; and the procedures that commands start.

Source of the facts: ``prccmd`` (``tm/tm.c``), ``pdftab``, ``procedure``, ``run_proc`` (``tm/pdfprc.c``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tae.binding import bind, require
from tae.commands import Call, Code, Intrinsic, May, find, find_command
from tae.commands.environment import find_defined
from tae.control import Seek
from tae.host import FLAG_SYNTAX
from tae.lines import LogicalLine, ampersand_lookup, substitute
from tae.messages import RETURN, TaeError
from tae.parser import parse_command, parse_command_qualifiers, parse_fields
from tae.procedures import Failed, Procedures
from tae.running import Runner
from tae.scanner import QUOTED, WORD, Scanner, strip_quotes
from tae.scopes import Scope
from tae.syntax import Command, Operands
from tae.variables import SymbolTable, intrinsic_table

if TYPE_CHECKING:
    from tae.session import Session
    from tae.tutor.command import Dialogues

TUTOR_HINT = "Re-enter the command line or type TUTOR to recover specified values."
MAX_PROCEDURES = 50
CACHE_SIZE = 20000


@dataclass(frozen=True, slots=True)
class Prepared:
    """What can be said about a command text before it is executed: worked out once, for loops bring it again."""

    command: Command
    entry: Intrinsic | None
    bad_subcommand: bool
    qualifiers: str | TaeError | None
    rest: str
    fields: int


class Interpreter:
    """Executes commands for a session."""

    hint = TUTOR_HINT

    def __init__(self, session: Session) -> None:
        self.session = session
        self.procedures = Procedures(session, self)
        self.runner = Runner(session, self)
        self._prepared: dict[str, Prepared] = {}

    # --- one command

    def forget_commands(self) -> None:
        """A DEFCMD changed: texts may mean something else now."""
        self._prepared.clear()

    def _prepare(self, text: str) -> Prepared:
        prepared = self._prepared.get(text)
        if prepared is None:
            command = parse_command(text, self._replacement)
            entry, bad = find(command.name, command.subcommand)
            try:
                qualifiers, position = parse_command_qualifiers(command.text, command.rest)
            except TaeError as error:
                qualifiers, position = error, command.rest
            prepared = Prepared(command, entry, bad, qualifiers, command.text[command.rest :], position)
            if len(self._prepared) >= CACHE_SIZE:
                self._prepared.clear()
            self._prepared[text] = prepared
        return prepared

    def _replacement(self, word: str) -> str | None:
        found = find_defined(self.session, word)
        if found is None:
            return None
        variable, index = found
        return variable.values[index].partition("=")[2]

    def process(self, text: str, scope: Scope) -> Code:
        """Execute one command text in a procedure (or at the prompt): ``prccmd``."""
        session = self.session
        if scope.level >= MAX_PROCEDURES:
            session.report(TaeError("MAXPNEST", MAX_PROCEDURES))
            return Code.RETURN
        control = scope.control
        if "&" in text:
            try:
                text = substitute(text, ampersand_lookup(scope.search))
            except TaeError as error:
                if control.active:
                    session.latched = None
                    session.report(error)
                    return Code.RETURN
        try:
            prepared = self._prepare(text)
        except TaeError as error:
            session.report(error)
            return Code.RETURN
        command = prepared.command
        scope.label = command.label
        if control.search is not None:
            control.check_label(command.label)
        if not command.name:
            return Code.SUCCESS
        entry = prepared.entry
        if prepared.bad_subcommand:
            wrong = TaeError("UNDEFSUB", command.subcommand) if command.subcommand else TaeError("SUBREQ.intrinsic", command.name)
            session.report(wrong)
            return Code.RETURN
        if entry is not None and not entry.by_proc:
            return self._intrinsic(prepared, entry, scope)
        if not control.active:
            return Code.SUCCESS
        if not scope.in_body and not scope.for_qualifiers:
            session.report(TaeError("BADDECL", command.name))
            return Code.RETURN
        name, subcommand = command.name, command.subcommand
        if entry is not None:
            name, subcommand = entry.name.lower(), entry.subcommand
        return self.procedures.call(name, subcommand, prepared, scope)

    def _intrinsic(self, prepared: Prepared, entry: Intrinsic, scope: Scope) -> Code:
        session = self.session
        if scope.for_qualifiers:
            session.report(TaeError("ITRPQUAL"))
            return Code.RETURN
        if entry.name != "TUTOR":
            session.latched = None
        if entry.name != "HELP":
            session.help_subject = None
        if not acted_upon(scope, entry):
            return Code.SUCCESS
        session.echo(scope, prepared.command.text)
        try:
            self._check_place(scope, entry)
            if prepared.qualifiers is not None and not entry.takes_qualifiers:
                if isinstance(prepared.qualifiers, TaeError):
                    session.report(prepared.qualifiers)
                raise TaeError("NOQUAL", prepared.command.name, ends=RETURN)
        except TaeError as error:
            session.report(error)
            return Code.RETURN
        bound: Mapping[str, Any] = {}
        if entry.takes_parameters:
            operands = parse_fields(prepared.command.text, prepared.fields)
            if entry.parameters or operands.positional or operands.named:
                table = intrinsic_table(entry.parameters)
                if not self._bind(table, operands, scope):
                    if scope.level == 0:
                        session.print(TUTOR_HINT)
                    return Code.CHECK
                bound = {variable.name: variable for variable in table}
        if entry.not_in_check and session.switch & FLAG_SYNTAX and session.run_type == "INTERACTIVE":
            return Code.SUCCESS
        if entry.clears:
            session.set_status(1, "")
        try:
            return entry.run(session, scope, Call(entry, prepared.command, prepared.rest, bound))
        except TaeError as error:
            session.report(error)
            return Code.RETURN if error.ends == RETURN else Code.CHECK
        except Failed:
            return Code.RETURN

    def _bind(self, table: SymbolTable, operands: Operands, scope: Scope) -> bool:
        try:
            bind(table, operands, scope.search, files=self.session.files_fine, validate=self.session.validate)
            require(table)
        except TaeError as error:
            self.session.report(error)
            return False
        return True

    def _check_place(self, scope: Scope, entry: Intrinsic) -> None:
        """Raise when the command may not stand here (``chk_do``)."""
        run_type = self.session.run_type
        if run_type == "BATCH" and May.BATCH not in entry.may:
            raise TaeError("NOTBATCHCMD", entry.name)
        if run_type == "ASYNC" and May.ASYNC not in entry.may:
            raise TaeError("NOTASYNCMD", entry.name)
        if scope.level == 0:
            if not entry.at_prompt:
                raise TaeError("PROCONLY", entry.name)
            return
        if not entry.in_procedure:
            raise TaeError("NOTINPDF", entry.name)
        if not scope.kind:
            if not entry.introduces:
                raise TaeError("MISINTRO")
        elif scope.in_body:
            if not entry.in_body:
                raise TaeError("NOTINBODY", entry.name)
        elif not entry.before_body:
            raise TaeError("NOTINPRE", entry.name)

    # --- statements of a procedure

    def run_body(self, scope: Scope) -> Code:
        """Execute the body of a procedure up to its end (``procedure``)."""
        session = self.session
        on_fail = scope.locals.exact("_ONFAIL")
        success, check = Code.SUCCESS, Code.CHECK
        code = success
        while True:
            if code is Code.ABORT:
                if len(on_fail.values) < 2:
                    session.set_status(-10, "TAE-ABORT")
                    return Code.ABORT
                index = 1
            elif code is not success and session.sfi < 0:
                index = 0
            else:
                index = -1
            if index >= 0:
                text = on_fail.values[index]
                if not self._allowed_on_fail(text):
                    return check
                scope.on_fail = True
                code = self.process(text, scope)
                if code is check and session.sfi < 0:
                    return check
            else:
                scope.on_fail = False
                try:
                    code = self.next_statement(scope)
                    if session.attention and code is not None:
                        raise KeyboardInterrupt
                except KeyboardInterrupt:
                    session.attention = False
                    code = session.interrupt(scope)
                if code is None:
                    return check
            if code is Code.STOP:
                return code
            if code is Code.RETURN:
                return check

    def next_statement(self, scope: Scope) -> Code | None:
        """Read the next statement of a procedure's file and execute it; None when there is none."""
        session = self.session
        start = scope.position
        try:
            statement, after = scope.source.statement(start)
        except TaeError as error:
            session.report(error)
            if error.resume is None:
                return None
            statement, after = LogicalLine("", (), start + 1, error.resume), error.resume
        before = statement.first - 1 - start
        session.breaks = statement.breaks
        scope.statement_start = start
        scope.position = after
        scope.line += before
        code = self.process(statement.text, scope)
        scope.line += after - start - before
        return code

    def _allowed_on_fail(self, text: str) -> bool:
        kind, verb = Scanner(text).solid()
        if kind not in (WORD, QUOTED):
            self.session.report(TaeError("ONFAIL.format", "Incorrectly formatted command name"))
            return False
        verb = strip_quotes(verb)
        entries = find_command(verb)
        if entries and entries[0].as_on_fail:
            return True
        self.session.report(TaeError("ONFAIL", verb))
        return False

    # --- what commands of other modules ask for

    def declare(self, call: Call, scope: Scope, kind: str) -> None:
        """PARM, LOCAL, DEFGBL."""
        self.procedures.declare(call, scope, kind)

    def names_in_globals_proc(self, text: str, scope: Scope) -> list[str]:
        """Names of the globals that a GLOBALS procedure declares."""
        return self.procedures.names_in_globals_proc(text, scope)

    @cached_property
    def dialogues(self) -> Dialogues:
        """TUTOR and GETPAR."""
        from tae.tutor.command import Dialogues

        return Dialogues(self.session, self.procedures)

    def tutor(self, call: Call, scope: Scope) -> Code:
        """TUTOR: a dialogue about the parameters of a command."""
        return self.dialogues.tutor(call, scope)

    def get_parameters(self, call: Call, scope: Scope) -> Code:
        """GETPAR: a dialogue about some variables of the running procedure."""
        return self.dialogues.get_parameters(call, scope)

    def log_program_message(self, text: str) -> None:
        """A program's message in session.tsl, with the place it came from."""
        self.runner.log_program_message(text)


def acted_upon(scope: Scope, entry: Intrinsic) -> bool:
    """Whether a command is looked at in the present state of the procedure (``call_do``)."""
    if scope.in_subcommand:
        return scope.subcommand_active or entry.ends_subcommand
    search = scope.control.search
    if search is not None:
        return entry.in_proc_search if search.kind is Seek.PROC else entry.in_search
    if not scope.in_body:
        return True
    return scope.control.true_part or entry.in_false_part
