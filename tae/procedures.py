"""Procedures, processes, parmsets and GLOBALS files: found, declared, given their parameters, run.

Source of the facts: ``prccmd`` (``tm/tm.c``), ``tm/pdfprc.c``, ``tm/process.np.c``, ``tm/qualif.c``, ``tm/tmsubs.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tae import declarations
from tae.binding import bind, require
from tae.commands import Call, Code
from tae.global_variables import TAPES
from tae.host import ProgramResult
from tae.library import SpecError
from tae.messages import RETURN, TaeError
from tae.parser import parse_command, parse_fields
from tae.scopes import LOCAL_LIBRARY, Scope, SourceFile
from tae.syntax import Operands
from tae.values import NAME
from tae.variables import (
    GLOBAL,
    LOCAL,
    PARM,
    IntrinsicParameter,
    SymbolTable,
    Variable,
    fold,
    integer,
    intrinsic_table,
    is_abbreviation,
    string,
)

if TYPE_CHECKING:
    from tae.interpreter import Interpreter, Prepared
    from tae.session import Session

SPEC = 132
QUALIFIERS = (
    IntrinsicParameter("RESTORE", size=SPEC, default=("",)),
    IntrinsicParameter("RUNTYPE", minimum=0, maximum=2, size=SPEC, default=()),
    IntrinsicParameter("SAVE", size=SPEC, default=("",)),
    IntrinsicParameter("STDOUT", minimum=0, size=SPEC, default=()),
    IntrinsicParameter("JOB", minimum=0, size=15, default=()),
    IntrinsicParameter("ASYNCEND", size=7, default=("SILENT",), valid=("NOTIFY", "SILENT")),
    IntrinsicParameter("NODE", minimum=0, maximum=2, size=10, default=()),
)
RUN_TYPES = (
    ("INTERACTIVE", "INTERACTIVE"),
    ("SYNCHRONOUS", "INTERACTIVE"),
    ("BATCH", "BATCH"),
    ("ASYNCHRONOUS", "ASYNC"),
    ("ASYNC-PROCESS", "ASYNC-PROCESS"),
    ("NORUN", "NORUN"),
)
TERMINAL = "/dev/tty"
SUBCOMMAND_LIST_SIZE = 250


class Failed(Exception):
    """A step of starting a procedure failed; its message has been printed."""


class Procedures:
    """Starts procedures for the interpreter of a session."""

    def __init__(self, session: Session, interpreter: Interpreter) -> None:
        self.session = session
        self.interpreter = interpreter
        self._running: Scope | None = None
        self._sources: dict[Any, SourceFile] = {}
        self._attached: SymbolTable | None = None
        self.last_result: ProgramResult | None = None

    # --- a command that is no intrinsic

    def call(self, name: str, subcommand: str, prepared: Prepared, scope: Scope) -> Code:
        """Start what a command names, with the rest of its line."""
        operands = None
        if not isinstance(prepared.qualifiers, TaeError):
            operands = parse_fields(prepared.command.text, prepared.fields)
        return self.start(name, subcommand, prepared.command.text, prepared.qualifiers, operands, scope)

    def start(
        self,
        name: str,
        subcommand: str,
        text: str,
        qualifiers: str | TaeError | None,
        operands: Operands | None,
        scope: Scope,
    ) -> Code:
        """Find, declare, bind and run; ``text`` is what the echo shows."""
        session = self.session
        session.latched = None
        new = Scope(scope.level + 1, scope, subcommand=subcommand, subcommand_size=len(subcommand))
        new.qualifiers = intrinsic_table(QUALIFIERS)
        try:
            if isinstance(qualifiers, TaeError):
                raise qualifiers
            if qualifiers is not None:
                self.bind(new.qualifiers, parse_fields(qualifiers), scope)
        except TaeError as error:
            session.report(error)
            return Code.RETURN
        run_type = "NORUN" if scope.for_qualifiers else run_type_of(new.qualifiers)
        session.echo(scope, text)
        session.set_status(1, "")
        try:
            self.open(name, scope, new)
            session.trace(scope, session.files.full(new.spec.text) if new.spec else str(new.source.path))
            self.declare_all(new)
            self.restore_qualifier(new)
        except TaeError as error:
            session.report(error)
            new.close()
            return Code.CHECK
        except Failed:
            new.close()
            return Code.CHECK
        try:
            self.bind(new.parameters, operands, scope)
            if not scope.for_qualifiers:
                require(new.parameters)
        except TaeError as error:
            session.report(error)
            if scope.level == 0:
                session.latched = new
                session.print(self.interpreter.hint)
            else:
                new.close()
            return Code.CHECK
        try:
            return self.go(new, scope, run_type)
        except TaeError as error:
            session.report(error)
            return Code.CHECK
        finally:
            new.close()


    def bind(self, table: SymbolTable, operands: Operands, scope: Scope) -> None:
        bind(table, operands, scope.search, validate=self.session.validate, files=self.session.files_fine)

    def go(self, new: Scope, scope: Scope, run_type: str) -> Code:
        """What is done with a procedure that has got its parameters."""
        session = self.session
        save = new.qualifiers.exact("SAVE")
        if not save.defaulted:
            from tae import restoring

            restoring.save_parameters(session, new, save.text)
        if run_type in ("BATCH", "ASYNC") and new.internal:
            raise TaeError("RUNINT")
        if run_type == "INTERACTIVE":
            runner = self.interpreter.runner
            runner.inherit_output(new, scope)
            return runner.run(new)
        if scope.for_qualifiers:
            self._attach_qualifiers(new, scope)
            return Code.SUCCESS
        if run_type == "NORUN":
            session.set_global("$SKEY", (str(new.source.path),))
            return Code.SUCCESS
        if run_type == "BATCH":
            return session.jobs.submit_batch(new)
        if run_type in ("ASYNC", "ASYNC-PROCESS"):
            return session.jobs.start(new, run_type)
        raise TaeError("RUNTYPE")

    # --- finding and opening

    def open(self, name: str, scope: Scope, new: Scope) -> None:
        """Find the file of a procedure (``opnpdf``); raises `TaeError`."""
        internal = scope.internal_procedure(name)
        if internal is not None:
            new.name, new.position = internal
            new.library = LOCAL_LIBRARY
            new.source = scope.file_scope.source
            return
        try:
            found = self.session.find(name, "pdf")
        except SpecError as error:
            raise TaeError("PROCSYN", str(error)) from None
        except OSError as error:
            spec = self.session.files.crack(name, kind="pdf")
            raise TaeError("PDFRD", spec.name, spec.library, error.strerror) from None
        if found is None:
            raise TaeError("NOPROC", name)
        new.spec, new.name, new.library = found.spec, found.spec.name, found.spec.library
        new.source = self._source(found.path)

    def _source(self, path) -> SourceFile:
        """The lines of a file; kept while the file stays what it is."""
        stamp = path.stat()
        key = (str(path), stamp.st_mtime_ns, stamp.st_size)
        source = self._sources.get(key)
        if source is None:
            if len(self._sources) > 500:
                self._sources.clear()
            source = self._sources[key] = SourceFile(path, self.session.read_lines(path))
        return source

    # --- declarations

    def declare_all(self, new: Scope) -> None:
        """Give a procedure its implicit variables and read its declarations; raises `Failed` or `TaeError`."""
        session = self.session
        new.references = {fold(variable.name): variable for variable in session.globals if variable.implicit}
        for name in TAPES:
            new.references[name] = session.globals.exact(name)
        for variable in (
            string("_STDOUT", TERMINAL, "", maximum=2),
            string("_ONFAIL", "RETURN", maximum=2),
            string("_PROC", new.name),
            string("_SUBCMD", new.subcommand),
            integer("_TUTOR", 0),
        ):
            new.locals.add(variable)
        caller, session.current = session.current, new
        try:
            self._read_declarations(new)
        finally:
            session.current = caller
        self._check_subcommand(new)

    def _read_declarations(self, new: Scope) -> None:
        """Execute the statements before BODY (``pdftab``)."""
        if new.parameter_file:
            return
        while True:
            code = self.interpreter.next_statement(new)
            if code is None or self.session.sfi < 0:
                raise Failed
            if new.in_body or code is Code.RETURN:
                return
            if code is not Code.SUCCESS:
                raise Failed

    def _check_subcommand(self, new: Scope) -> None:
        if new.tutor_attempt:
            if not new.subcommand and not new.subcommand_search and not new.subcommand_found and new.subcommands:
                new.subcommand_search = True
            return
        error = None
        if not new.subcommand and not new.subcommand_search:
            if not new.subcommand_found and new.subcommands:
                error = TaeError("SUBREQ")
        elif new.subcommand_search:
            new.subcommand_search = False
            error = self._available(new)
            if error is None:
                raise Failed
            raise error
        elif not new.subcommand_found:
            error = TaeError("UNRECSUB", new.subcommand)
        if error is not None:
            more = self._available(new)
            if more is not None:
                error.follow = (more,)
            raise error

    @staticmethod
    def _available(new: Scope) -> TaeError | None:
        text = "Valid subcommands:  "
        if not new.subcommands:
            return None
        names = []
        for subcommand in new.subcommands:
            if len(subcommand.name) + len(text + ", ".join(names)) + 2 * bool(names) + 5 > SUBCOMMAND_LIST_SIZE:
                return TaeError("SUBAVL", text + ", ".join(names) + ", ...")
            names.append(subcommand.name)
        return TaeError("SUBAVL", text + ", ".join(names))

    def declare(self, call: Call, scope: Scope, kind: str) -> None:
        """PARM, LOCAL, DEFGBL: new variables; every error ends the procedure."""
        table = {PARM: scope.parameters, LOCAL: scope.locals, GLOBAL: self.session.globals}[kind]
        context = declarations.Context(
            exists=self.session.top.locals.exact if kind == GLOBAL else scope.declared,
            search=scope.search,
            globals_=self.session.globals,
            in_globals=scope.kind == "GLOBALS",
            qualifiers=lambda text, variable: self._qualify(text, variable, scope),
            validate=self.session.validate,
            files=self.session.files_fine,
        )
        try:
            declarations.declare(kind, call.bound, table, context, page=call.subcommand == "PAGE")
        except TaeError as error:
            error.ends = RETURN
            raise

    def _qualify(self, text: str, variable: Variable, scope: Scope) -> None:
        """Give a variable the parameters of the PARMSET that its QUALS names, as qualifiers."""
        scope.for_qualifiers, before = True, scope.for_qualifiers
        self._attached = None
        try:
            code = self.interpreter.process(text, scope)
        finally:
            scope.for_qualifiers = before
        if code is not Code.SUCCESS or self._attached is None:
            raise Failed
        variable.qualifiers = self._attached

    def _attach_qualifiers(self, new: Scope, scope: Scope) -> None:
        self._attached = SymbolTable(variable for variable in new.parameters if variable.type != NAME)

    def restore_qualifier(self, new: Scope) -> None:
        restore = new.qualifiers.exact("RESTORE")
        if not restore.defaulted:
            from tae import restoring

            restoring.restore_parameters(self.session, new, restore.text)

    def names_in_globals_proc(self, text: str, scope: Scope) -> list[str]:
        """Names of the parameters of a GLOBALS procedure (for DELETE-GLOBALS)."""
        session = self.session
        session.set_status(1, "")
        try:
            command = parse_command(text)
        except TaeError as error:
            raise TaeError("SYNERR", error.text) from None
        new = Scope(scope.level + 1, scope, subcommand=command.subcommand, subcommand_size=len(command.subcommand))
        self.open(command.name, scope, new)
        try:
            self.declare_all(new)
        except Failed:
            if new.kind and new.kind != "GLOBALS":
                session.report(TaeError("NONGBL"))
            return []
        finally:
            new.close()
        if new.kind != "GLOBALS":
            raise TaeError("NONGBL")
        return [variable.name for variable in new.parameters]


def run_type_of(qualifiers: SymbolTable) -> str:
    """What |RUNTYPE=| means; "" when it means nothing."""
    given = qualifiers.exact("RUNTYPE")
    if given.defaulted or not given.values:
        return "INTERACTIVE"
    for full, meaning in RUN_TYPES:
        if is_abbreviation(given.text, full):
            return meaning
    return ""
