"""One procedure that is being run: its variables, its file and where it stands in it.

Source of the facts: ``struct CONTXT`` (``include/tminc.inc``), ``usearch``, ``srchrf`` (``tm/tmutil.c``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tae.control import Control
from tae.lines import LogicalLine, read_statement
from tae.messages import TaeError
from tae.variables import NAME, SymbolTable, Variable, fold

LOCAL_LIBRARY = "/LOCAL/"
MAX_REFERENCES = 250


class SourceFile:
    """The lines of a procedure's file; statements are put together once, however often a loop comes by."""

    __slots__ = ("lines", "path", "_statements")

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self._statements: dict[int, tuple[LogicalLine, int]] = {}

    def statement(self, index: int) -> tuple[LogicalLine, int]:
        """The statement that starts at line ``index`` (from 0), and the index after it; raises `TaeError`."""
        found = self._statements.get(index)
        if found is None:
            found = self._statements[index] = read_statement(self.lines, index)
        return found


@dataclass
class Subcommand:
    """A SUBCMD block that was met."""

    name: str
    default: bool


@dataclass(eq=False)
class Scope:
    """A procedure, process, parmset or the prompt (level 0), from the call to the end.

    Attributes
    ----------
    level : 0 at the prompt, one more for each procedure
    caller : the scope it was called from
    name, library : of its file, as typed and as found; the library of an internal procedure is ``/LOCAL/``
    kind : PROCEDURE, PROCESS, GLOBALS, PARMSET, or "" until the first command of the file
    position : index of the line to read next, from 0
    line : lines before the current command; messages print one more
    subcommand : as typed until a SUBCMD block matches, then as declared
    subcommand_size : length as typed
    """

    level: int
    caller: Scope | None = None
    name: str = ""
    library: str = ""
    kind: str = ""
    locals: SymbolTable = field(default_factory=SymbolTable)
    parameters: SymbolTable = field(default_factory=SymbolTable)
    qualifiers: SymbolTable = field(default_factory=SymbolTable)
    references: dict[str, Variable] = field(default_factory=dict)
    globals: SymbolTable | None = None
    source: SourceFile | None = None
    spec: Any = None
    position: int = 0
    line: int = 0
    statement_start: int = 0
    in_body: bool = False
    on_fail: bool = False
    label: str = ""
    control: Control = field(default_factory=Control)
    internal_procedures: dict[str, tuple[str, int]] = field(default_factory=dict)
    subcommand: str = ""
    subcommand_size: int = 0
    subcommands: list[Subcommand] = field(default_factory=list)
    in_subcommand: bool = False
    subcommand_active: bool = True
    subcommand_found: bool = False
    subcommand_search: bool = False
    execute: str = ""
    help: str = ""
    interruptible: bool = False
    self_tutor: bool = False
    compress: bool = False
    for_qualifiers: bool = False
    parameter_file: bool = False
    tutor_attempt: bool = False

    @property
    def internal(self) -> bool:
        """Whether it is an internal procedure, which sees the variables of those around it."""
        return self.library == LOCAL_LIBRARY

    @property
    def file_scope(self) -> Scope:
        """The scope whose file this is."""
        scope = self
        while scope.internal:
            scope = scope.caller
        return scope

    def refer(self, variable: Variable) -> None:
        """Make a global visible (REFGBL); raises when there are too many."""
        if len(self.references) >= MAX_REFERENCES:
            raise TaeError("REFS")
        self.references[fold(variable.name)] = variable
        variable.references += 1

    def close(self) -> None:
        """Give back the references to globals."""
        for variable in self.references.values():
            variable.references -= 1
        self.references = {}

    def find(self, name: str) -> Variable | None:
        """A variable by its full name, NAME parameters as themselves (``usearch``).

        Locals come first, then parameters, then referenced globals (at the prompt: all globals); an internal procedure
        goes on in those around it.
        """
        scope = self
        while True:
            found = scope.locals.exact(name) or scope.parameters.exact(name) or scope._global(name)
            if found is not None or not scope.internal:
                return found
            scope = scope.caller

    def _global(self, name: str) -> Variable | None:
        if self.level == 0:
            return self.globals.exact(name)
        found = self.references.get(fold(name))
        if found is None and "." in name:
            head, _, tail = name.partition(".")
            found = self.references.get(fold(head))
            if found is not None:
                return found.qualifiers.exact(tail) if found.qualifiers is not None else None
        return found

    def search(self, name: str) -> Variable | None:
        """A variable by its full name, a NAME parameter as what it refers to (``search``)."""
        variable = self.find(name)
        if variable is not None and variable.type == NAME:
            return variable.reference
        return variable

    def declared(self, name: str) -> Variable | None:
        """A variable of this procedure alone, not of those around an internal one (``int_search``)."""
        return self.locals.exact(name) or self.parameters.exact(name) or self._global(name)

    def internal_procedure(self, name: str) -> tuple[str, int] | None:
        """The declared name and first line of an internal procedure, of this one or those around it."""
        scope, wanted = self, fold(name)
        while True:
            found = scope.internal_procedures.get(wanted)
            if found is not None or not scope.internal:
                return found
            scope = scope.caller
