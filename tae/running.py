"""Running what has got its parameters: procedures, programs, GLOBALS files; standard output and session.tsl on the way.

Source of the facts: ``run_proc``, ``outputs``, ``make_gbl`` (``tm/pdfprc.c``), ``tm/process.np.c``, ``set_stdout`` and its kin
(``tm/tmsubs.c``), ``tm/logsubs.c``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tae.commands import Code
from tae.host import BoundValue, ProgramCall, ProgramResult
from tae.library import SpecError
from tae.messages import TaeError
from tae.scopes import LOCAL_LIBRARY, Scope
from tae.values import INTEGER, NAME, REAL, STRING, shown_components
from tae.variables import GLOBAL, PARM, BadValue, Variable, fold

if TYPE_CHECKING:
    from tae.interpreter import Interpreter
    from tae.session import Session

TERMINAL = "/dev/tty"
RECORD_SIZE = 500


class Runner:
    """Runs procedures and programs for the interpreter of a session."""

    def __init__(self, session: Session, interpreter: Interpreter) -> None:
        self.session = session
        self.interpreter = interpreter
        self._running: Scope | None = None
        self.running = False  # whether a program is at work just now
        self.last_result: ProgramResult | None = None

    # --- standard output

    def inherit_output(self, new: Scope, scope: Scope) -> None:
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
        if new.kind == "PROCEDURE" and new.locals.exact("_STDOUT").values[-1] != "CREATE":
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
                except KeyboardInterrupt:
                    session.set_status(-10, "TAE-ABORT")
                    code = Code.ABORT
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
                variable.kind, variable.defaulted = GLOBAL, False
                variable.defined_in = session.files.full(new.spec.text) if new.spec else new.name
                session.globals.insert(variable)

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
        self.running = True
        try:
            result = session.host.run(call, session)
        finally:
            self.running = False
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
