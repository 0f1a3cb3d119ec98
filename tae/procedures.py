"""Procedures, processes, parmsets and GLOBALS files: found, declared, given their parameters, run.

Source of the facts: ``prccmd`` (``tm/tm.c``), ``tm/pdfprc.c``, ``tm/process.np.c``, ``tm/qualif.c``, ``tm/tmsubs.c``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tae import declarations, restoring
from tae.binding import bind, require
from tae.commands import Call, Code, Intrinsic, find
from tae.host import BoundValue, ProgramCall, ProgramResult
from tae.library import SpecError
from tae.messages import RETURN, TaeError
from tae.parser import parse_command, parse_command_qualifiers, parse_fields
from tae.scopes import LOCAL_LIBRARY, Scope, SourceFile
from tae.syntax import Command, Field, Operands
from tae.tutor.noscreen import NoScreen
from tae.tutor.target import Target, help_source
from tae.values import INTEGER, NAME, REAL, STRING
from tae.variables import (
    GLOBAL,
    LOCAL,
    MAXIMUM_VALUES,
    PARM,
    BadValue,
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
IMPLICIT_ORDER = ("$RUNTYPE", "$SESSION", "$SFI", "$SKEY", "$SWITCH", "$TAPES", "$TFILE", "$TREC")
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
                self._bind(new.qualifiers, parse_fields(qualifiers), scope)
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
            self._restore_qualifier(new)
        except TaeError as error:
            session.report(error)
            new.close()
            return Code.CHECK
        except Failed:
            new.close()
            return Code.CHECK
        try:
            self._bind(new.parameters, operands, scope)
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
            return self._go(new, scope, run_type)
        except TaeError as error:
            session.report(error)
            return Code.CHECK
        finally:
            new.close()


    def _bind(self, table: SymbolTable, operands: Operands, scope: Scope) -> None:
        bind(table, operands, scope.search, validate=self.session.validate, files=self.session.files_fine)

    def _go(self, new: Scope, scope: Scope, run_type: str) -> Code:
        """What is done with a procedure that has got its parameters."""
        session = self.session
        save = new.qualifiers.exact("SAVE")
        if not save.defaulted:
            restoring.save_parameters(session, new, save.text)
        if run_type in ("BATCH", "ASYNC") and new.internal:
            raise TaeError("RUNINT")
        if run_type == "INTERACTIVE":
            self._inherit_output(new, scope)
            return self.run(new)
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
        for name in IMPLICIT_ORDER:
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
            made = declarations.declare(kind, call.bound, table, context, page=call.subcommand == "PAGE")
        except TaeError as error:
            error.ends = RETURN
            raise
        if kind == GLOBAL:
            for variable in made:
                variable.defined_in = str(scope.file_scope.source.path) if scope.level else "TERMINAL"

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

    def _restore_qualifier(self, new: Scope) -> None:
        restore = new.qualifiers.exact("RESTORE")
        if not restore.defaulted:
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

    # --- standard output

    def _inherit_output(self, new: Scope, scope: Scope) -> None:
        """Set _STDOUT: a file of its own with ``|STDOUT=|``, else the caller's."""
        given = new.qualifiers.exact("STDOUT")
        if given.values:
            spec = self.session.files.crack(given.text, name=new.name, kind="lis")
            new.locals.exact("_STDOUT").set((spec.text, "CREATE"))
        else:
            new.locals.exact("_STDOUT").set((scope.locals.exact("_STDOUT").text, "APPEND"))

    def _open_output(self, spec: str, mode: str):
        """The file of a standard output, None for the terminal."""
        if fold(spec) == fold(TERMINAL):
            return None
        try:
            return self.session.files.path(spec).open(mode, encoding="latin-1", errors="replace", newline="\n")
        except OSError as error:
            raise TaeError("STDOOPN", error.strerror) from None

    def _change_output(self, new: Scope) -> None:
        session = self.session
        spec, how = new.locals.exact("_STDOUT").values
        if new.kind == "PROCESS":
            self._close_output()
            session.program_output = self._open_output(spec, "w" if how == "CREATE" else "a")
        elif new.kind == "PROCEDURE" and how == "CREATE":
            self._close_output()
            session.standard_output = self._open_output(spec, "w")

    def _close_output(self) -> None:
        if self.session.standard_output is not None:
            self.session.standard_output.close()
            self.session.standard_output = None

    def _reset_output(self, new: Scope) -> None:
        session = self.session
        if session.program_output is not None:
            session.program_output.close()
            session.program_output = None
        if new.kind == "PROCEDURE" and new.locals.exact("_STDOUT").values[1] != "CREATE":
            return
        if new.kind in ("PROCEDURE", "PROCESS"):
            self._close_output()
            session.standard_output = self._open_output(new.caller.locals.exact("_STDOUT").text, "a")

    # --- running

    def run(self, new: Scope) -> Code:
        """Run a procedure that has got its parameters (``run_proc``)."""
        session = self.session
        if new.level <= 1:
            self._log_start(new)
        session.usage.start(new.level)
        code, failure = Code.CHECK, None
        try:
            self._change_output(new)
        except TaeError as error:
            session.report(error)
            failure = error
        if failure is None:
            if new.kind == "PROCEDURE":
                session.current = new
                try:
                    code = self.interpreter.run_body(new)
                finally:
                    session.current = new.caller
            elif new.kind == "PROCESS":
                if self._running is not None:
                    raise TaeError("NOSYNC")
                self._running = new
                try:
                    failure = self.run_program(new)
                finally:
                    self._running = None
            elif new.kind == "GLOBALS":
                self._make_globals(new)
            elif new.kind == "PARMSET" and new.locals.exact("_ACTION").text == "WINDOW":
                session.report(TaeError("DUMMY", new.subcommand), failed=False)
        try:
            self._reset_output(new)
        except TaeError as error:
            session.report(error)
        session.usage.stop(new.level, new.name)
        self._auto_usage(new)
        if new.level <= 1:
            self._log_end()
        if new.kind == "PROCESS" and failure is not None and failure.key != "TAE-STDOOPN":
            session.report(failure)
        return code if code in (Code.STOP, Code.ABORT) else Code.CHECK

    def _auto_usage(self, new: Scope) -> None:
        session = self.session
        when = session.global_text("$AUTOUSAGE")
        shallow = 2 if session.run_type == "BATCH" else 1
        if new.level >= shallow and (when == "ALL" or (when == "BATCH" and session.run_type == "BATCH")):
            session.show_usage(new.level)

    def _make_globals(self, new: Scope) -> None:
        """Turn the parameters of a GLOBALS procedure into globals; existing ones take the values (``make_gbl``)."""
        session = self.session
        for variable in list(new.parameters):
            existing = session.globals.exact(variable.name)
            if existing is not None:
                session.assign(existing, variable.type, variable.values, "MISMATCH", existing.name, variable.name)
            elif session.top.locals.exact(variable.name) is not None:
                session.report(TaeError("LOCCONFLICT", variable.name))
            else:
                variable.kind = GLOBAL
                variable.defined_in = session.files.full(new.spec.text) if new.spec else new.name
                session.globals.add(variable)

    # --- programs

    def run_program(self, new: Scope) -> TaeError | None:
        """Run the program of a process; returns what it failed with, unless it failed by itself."""
        session = self.session
        file_scope = new.file_scope
        try:
            spec = session.files.crack(new.execute, library=file_scope.library, name=new.name)
            executable = spec.name.lower()
        except SpecError:
            executable = new.execute
        call = ProgramCall(
            name=new.name,
            executable=executable,
            library=str(file_scope.source.path.parent),
            subcommand=new.subcommand,
            parameters=self._bound(new),
            globals={name: bound(variable, variable.name) for name, variable in new.references.items()},
        )
        session.flush()
        result = session.host.run(call, session)
        if not self._outputs(new, result):
            return TaeError("INVOUT.summary")
        if result.signal:
            return TaeError("PRCSTRM", result.signal)
        session.set_status(result.sfi, result.skey)
        self.last_result = result
        return None

    def _bound(self, new: Scope) -> Mapping[str, BoundValue]:
        """The parameters a process receives: its own, and for an internal one those of the procedures around it."""
        values: dict[str, BoundValue] = {}
        scope: Scope | None = new
        while scope is not None:
            for variable in scope.parameters:
                if variable.resolved is not None:
                    values.setdefault(fold(variable.name), bound(variable.resolved, variable.name, variable))
                    for qualifier in variable.qualifiers or ():
                        name = f"{variable.name}.{qualifier.name}"
                        values.setdefault(fold(name), bound(qualifier, name))
            scope = scope.caller if scope.internal else None
        return values

    def _outputs(self, new: Scope, result: ProgramResult) -> bool:
        """Assign what a program set; stops, with a message, at the first value that does not fit."""
        if not result.outputs:
            return True
        values = {fold(name): tuple(value) for name, value in result.outputs}
        names = [variable for variable in new.parameters if variable.type == NAME]
        for variable in [*new.references.values(), *names]:
            value = values.get(fold(variable.name))
            if value is None:
                continue
            target = variable.resolved
            try:
                target.check(type_of(value, target.type), value, validate=self.session.validate)
                target.set(value, validate=self.session.validate)
            except BadValue:
                self.session.report(TaeError("INVOUT", variable.name, new.name))
                return False
        return True

    # --- session.tsl

    def _log_start(self, new: Scope) -> None:
        session = self.session
        if not session.log.enabled:
            return
        session.log.record("TS: ", session.time_text())
        where = str(new.source.path) if not new.internal else f"{LOCAL_LIBRARY}{new.name}"
        record = f'"{where}"' + (f"-{new.subcommand}" if new.subcommand else "")
        session.log.record("PA: ", record + ("+" if len(new.parameters) else ""))
        for line in log_lines(list(new.parameters), session.columns):
            session.log.record("PA: ", line)
        for line in log_lines(list(new.references.values()), session.columns):
            session.log.record("PR: ", line)

    def _log_end(self) -> None:
        session = self.session
        if not session.log.enabled:
            return
        session.log.record("TS: ", session.time_text())
        for line in log_lines([session.globals.exact("$SFI"), session.globals.exact("$SKEY")], session.columns):
            session.log.record("PT: ", line)

    def log_program_message(self, text: str) -> None:
        """A program's message in session.tsl."""
        log, new = self.session.log, self._running
        if not log.enabled or new is None:
            return
        log.record("MS: ", text[:240] + "...; +" if len(text) > 243 else text + "; +")
        place = f" proc '{new.name}" + ("'" if new.in_body else f"', line {new.line + 1}")
        log.record("MS: ", place)

    # --- dialogues

    def tutor(self, call: Call, scope: Scope) -> Code:
        """TUTOR: a dialogue about a command's parameters, then the command."""
        session = self.session
        session.current = scope
        if call.rest:
            session.latched = None
            target = self._target(call.rest, scope)
        else:
            if session.latched is None:
                raise TaeError("TNOLATCH")
            new, session.latched = session.latched, None
            target = Target(new, getattr(new, "entry", None))
        if target is None:
            return Code.CHECK
        new = target.scope
        run_type = run_type_of(new.qualifiers) if target.entry is None else "INTERACTIVE"
        if new.self_tutor and run_type == "INTERACTIVE":
            new.locals.exact("_TUTOR").set((1,))
            done = "run"
        else:
            done = self._talk(target, call.subcommand)
        if done != "run":
            new.close()
            return Code.CHECK
        if target.entry is not None:
            bound_parameters = {variable.name: variable for variable in new.parameters}
            line = parse_command(target.entry.name)
            return target.entry.run(session, scope, Call(target.entry, line, "", bound_parameters))
        try:
            return self._go(new, scope, run_type)
        finally:
            new.close()

    def _talk(self, target: Target, wish: str) -> str:
        """The dialogue itself: on a screen if the session has one, else at the prompt."""
        session = self.session
        target.make_reader = help_source(session, target.scope, target.entry is not None)
        try:
            target.read_help()
        except TaeError as error:
            session.report(error)
            answer = session.ask_command("Do you wish to continue (Y/N)?")
            if not (answer and is_abbreviation("Y", answer)):
                return "exit"
            target.make_reader = None
        if session.dialogue is not None and wish != "NOSCREEN":
            return session.dialogue.tutor(target, wish)
        talk = NoScreen(session, target)
        done = talk.run()
        while done == "screen":
            done = talk.run()
        return done

    def _target(self, text: str, scope: Scope) -> Target | None:
        """What TUTOR is about, with the values on its line (``update_ctx``)."""
        session = self.session
        try:
            command = parse_command(text)
        except TaeError:
            return None
        entry, bad = find(command.name, command.subcommand)
        if (entry is not None and not entry.by_proc) or bad:
            return self._builtin_target(command, entry, scope)
        new = Scope(scope.level + 1, scope, subcommand=command.subcommand, subcommand_size=len(command.subcommand))
        new.qualifiers = intrinsic_table(QUALIFIERS)
        new.tutor_attempt = not command.subcommand
        failed = False
        position = command.rest
        try:
            qualifiers, position = parse_command_qualifiers(command.text, command.rest)
            if qualifiers is not None:
                self._bind(new.qualifiers, parse_fields(qualifiers), scope)
        except TaeError as error:
            session.report(error)
            failed = True
        try:
            self.open(command.name, scope, new)
            self.declare_all(new)
            if failed:
                return None
            self._restore_qualifier(new)
            self._bind(new.parameters, parse_fields(command.text, position), scope)
            if not run_type_of(new.qualifiers):
                raise TaeError("RUNTYPE")
        except TaeError as error:
            session.report(error)
            return None
        except Failed:
            return None
        return Target(new)

    def _builtin_target(self, command: Command, entry: Intrinsic | None, scope: Scope) -> Target | None:
        if entry is None:
            raise TaeError("UNDEFSUB", command.subcommand, ends="check")
        if not entry.takes_parameters and entry.name not in ("NOP",):
            raise TaeError("TNPRCSYN")
        new = Scope(scope.level + 1, scope, name=entry.name, subcommand=entry.subcommand)
        new.parameters = intrinsic_table(entry.parameters)
        self._bind(new.parameters, parse_fields(command.text, command.rest), scope)
        return Target(new, entry)

    def get_parameters(self, call: Call, scope: Scope) -> Code:
        """GETPAR."""
        session = self.session
        if session.run_type == "BATCH":
            raise TaeError("NOBATCHCMD")
        if session.run_type == "ASYNC":
            raise TaeError("ASYPARM")
        variables = []
        for name in call.values("PARMS"):
            variable = scope.find(name)
            if variable is None:
                raise TaeError("UNDEFVAR", name)
            variables.append(variable)
        if session.dialogue is None or not session.dialogue.get_parameters(variables, call.values("PREFACE"), scope):
            session.set_status(-1, "TAE-EXIT")
        return Code.CHECK

    # --- from Python

    def call_with_values(self, name: str, subcommand: str, positional: tuple, named: dict[str, Any]) -> ProgramResult:
        """See `Session.call`."""
        session = self.session
        scope = session.top
        new = Scope(1, scope, subcommand=subcommand, subcommand_size=len(subcommand))
        new.qualifiers = intrinsic_table(QUALIFIERS)
        session.set_status(1, "")
        session.held = []
        try:
            self.open(name, scope, new)
            self.declare_all(new)
            for variable in new.parameters:
                if variable.type == NAME and variable.reference is None:
                    variable.reference = Anything(variable.name, maximum=MAXIMUM_VALUES)
            self._bind(new.parameters, operands_of(positional, named), scope)
            require(new.parameters)
        except Failed:
            raise (session.held or [TaeError("NOPROC", name)])[0] from None
        finally:
            session.held = None
        try:
            self._inherit_output(new, scope)
            self.last_result = None
            self.run(new)
        finally:
            new.close()
            session.flush()
        if self.last_result is not None:
            outputs = self.last_result.outputs
        else:
            returned = [v for v in new.parameters if v.type == NAME and isinstance(v.reference, Anything)]
            outputs = [(v.name, v.reference.values) for v in returned if v.reference.values is not None]
        return ProgramResult(session.sfi, session.skey, [(fold(key), tuple(value)) for key, value in outputs])


class Anything(Variable):
    """What a NAME parameter stands for when Python calls: it takes any value."""

    def check(self, type_: str, values: Any, **options: Any) -> None:
        """Everything fits."""
        self.type = type_

    def check_component(self, type_: str, value: Any, **options: Any) -> None:
        """Everything fits."""
        self.type = type_


def operands_of(positional: tuple, named: Mapping[str, Any]) -> Operands:
    """Python values as the fields of a command line."""
    first = tuple(Field() if value is ... else Field(values=_texts(value)) for value in positional)
    rest = [Field(name=name, values=_texts(value)) for name, value in named.items() if name != "'"]
    rest += [Field(keyword=True, values=(str(key),)) for key in named.get("'", ())]
    return Operands(first, tuple(rest))


def _texts(value: Any) -> tuple[str, ...]:
    """A Python value as the strings of a field; None is null."""
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(_text(item) for item in value)
    return (_text(value),)


def _text(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def run_type_of(qualifiers: SymbolTable) -> str:
    """What |RUNTYPE=| means; "" when it means nothing."""
    given = qualifiers.exact("RUNTYPE")
    if given.defaulted or not given.values:
        return "INTERACTIVE"
    for full, meaning in RUN_TYPES:
        if is_abbreviation(given.text, full):
            return meaning
    return ""


def bound(variable: Variable, name: str, declared: Variable | None = None) -> BoundValue:
    """A variable as a process receives it."""
    declared = declared or variable
    return BoundValue(
        name, variable.type, variable.values or (), declared.defaulted, declared.keyword, variable.maximum
    )


def type_of(values: tuple, default: str) -> str:
    """The TAE type of values that a program set."""
    if not values:
        return default
    if isinstance(values[0], str):
        return STRING
    return REAL if isinstance(values[0], float) else INTEGER


def log_lines(variables: list[Variable], columns: int) -> list[str]:
    """Names and values for session.tsl, filled into lines (``slparm``)."""
    from tae.values import shown_components

    room = columns - 4
    lines, line = [], ""

    def add(piece: str, long: bool) -> None:
        nonlocal line
        limit = max(room, RECORD_SIZE) if long and len(piece) >= room else room
        if line and len(line) + len(piece) > limit - 1:
            lines.append(line + "+")
            line = ""
        line += piece

    for variable in variables:
        add(f"{variable.name}=", False)
        resolved = variable.resolved
        if variable.type == NAME and variable.kind == PARM:
            pieces = [resolved.name if resolved is not None else ""]
        elif resolved.values is None:
            pieces = [""]
        else:
            pieces = shown_components(resolved.values)
        for piece in pieces[:-1]:
            add(piece, True)
        add(pieces[-1] + ", ", True)
    if line:
        lines.append(line[:-2])
    return lines


RECORD_SIZE = 500
