"""Parameter files: what a PDF declares, read without running anything.

A file is folded into statements once (``parse``, cached by content); ``ParameterFile.declare`` then carries out its
declarations for one subcommand, which needs to know the globals there are. TUTOR, HELP, completion and the Python API
read parameter files this way; the interpreter executes the same statements itself, since declarations may hold
substitutions.

Source of the facts: ``tm/pdfprc.c`` (pdftab, getpst), ``tm/misccmd.c`` (intro commands, SUBCMD, END-SUB, int_proc).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from tae import binding, declarations
from tae.lines import LogicalLine, ampersand_lookup, read_statement, substitute
from tae.messages import RETURN, TaeError
from tae.parser import parse_command, parse_fields
from tae.syntax import Command
from tae.variables import (
    GLOBAL,
    LOCAL,
    MAXIMUM_VALUES,
    NAME,
    NAME_SIZE,
    PARM,
    STRING_SIZE,
    IntrinsicParameter,
    SymbolTable,
    Variable,
    fold,
    integer,
    intrinsic_table,
    is_abbreviation,
    string,
)

MANY = 200
SPEC_SIZE = 132
FILE_NAME_SIZE = 32
LINE_SIZE = 6144
OPTIONS = ("INTERRUPT", "NOINTERRUPT", "SELFTUTOR", "NOSELFTUTOR", "COMPRESSTUTOR")
ACCESS = ("NOCHECK", "IN", "INOUT", "OUT", "EVENT")

_NAMES = IntrinsicParameter("NAME", maximum=MANY, size=NAME_SIZE)
_TYPE = IntrinsicParameter("TYPE", maximum=2, size=NAME_SIZE, default=("STRING",))
_COUNT = IntrinsicParameter("COUNT", maximum=2, size=NAME_SIZE, default=("1",))
_REST = (
    IntrinsicParameter("VALID", maximum=MAXIMUM_VALUES, default=("",)),
    IntrinsicParameter("ACCESS", default=("NOCHECK",), valid=ACCESS, keyword=True),
    IntrinsicParameter("QUALS", minimum=0, default=()),
)
PARM_ATTRIBUTES = (
    _NAMES,
    _TYPE,
    _COUNT,
    IntrinsicParameter("DEFAULT", minimum=0, maximum=MAXIMUM_VALUES, default=()),
    *_REST,
)
LOCAL_ATTRIBUTES = (
    _NAMES,
    _TYPE,
    _COUNT,
    IntrinsicParameter("INITIAL", minimum=0, maximum=MAXIMUM_VALUES, default=()),
    *_REST,
)
REFGBL_ATTRIBUTES = (_NAMES,)
SUBCMD_ATTRIBUTES = (IntrinsicParameter("NAME", size=NAME_SIZE),)
_HELP = IntrinsicParameter("HELP", size=SPEC_SIZE, default=("",))
_PROC_NAME = IntrinsicParameter("NAME", minimum=0, size=FILE_NAME_SIZE, default=())
_OPTIONS = IntrinsicParameter("OPTIONS", maximum=3, size=16, default=("INTERRUPT", "NOSELFTUTOR"), valid=OPTIONS)
_ACTION = IntrinsicParameter("ACTION", size=16, default=("NONE",), valid=("NONE", "WINDOW", "GLOBALS", "PARFILE"))
_EXECUTE = IntrinsicParameter("EXECUTE", size=SPEC_SIZE, default=("",))
INTRODUCTIONS = {
    "PROCEDURE": (_HELP, _PROC_NAME, _OPTIONS, _ACTION),
    "PARMSET": (_HELP, _PROC_NAME, _OPTIONS, _ACTION),
    "PROCESS": (_EXECUTE, _HELP, _OPTIONS, _PROC_NAME),
    "GLOBALS": (_HELP, _PROC_NAME, _OPTIONS),
}
ENDS = ("FOR", "GLOBAL", "IF", "LOOP", "PROC", "SUBCMD")


@dataclass
class Subcommand:
    """A SUBCMD block."""

    name: str
    default: bool


@dataclass
class Declared:
    """What the declarations of a file came to, for one subcommand.

    Attributes
    ----------
    kind : PROCEDURE, PROCESS, PARMSET or GLOBALS
    help, execute : as the introduction gives them
    options : of the introduction
    parameters, locals : as declared, with their initial values; ``locals`` has the implicit ones too
    references : referenced globals by upper-case name
    subcommand : full name of the active block, "" without one
    subcommands : all blocks
    internal : names of internal procedures with the index of their first physical line
    end : index of the physical line after the declarations (after BODY or END-PROC)
    line : number of the physical line the last statement started at
    messages : messages that did not end the reading (a doubtful subcommand)
    """

    kind: str = ""
    help: str = ""
    execute: str = ""
    options: tuple[str, ...] = ()
    parameters: SymbolTable = field(default_factory=SymbolTable)
    locals: SymbolTable = field(default_factory=SymbolTable)
    references: dict[str, Variable] = field(default_factory=dict)
    subcommand: str = ""
    subcommands: list[Subcommand] = field(default_factory=list)
    internal: dict[str, int] = field(default_factory=dict)
    end: int = 0
    line: int = 0
    messages: list[TaeError] = field(default_factory=list)
    compiled: bool = False

    def find(self, name: str) -> Variable | None:
        """A variable of this file by exact name, unresolved."""
        return self.locals.exact(name) or self.parameters.exact(name) or self.references.get(fold(name))

    def search(self, name: str) -> Variable | None:
        """A variable of this file by exact name, resolved."""
        variable = self.find(name)
        return variable.reference if variable is not None and variable.type == NAME else variable


class DeclarationError(TaeError):
    """A file that cannot be used. ``line`` is where, ``declared`` what there was before."""

    def __init__(self, error: TaeError, declared: Declared) -> None:
        Exception.__init__(self, str(error))
        self.name, self.key, self.text, self.follow = error.name, error.key, error.text, error.follow
        self.ends = error.ends
        self.line = declared.line
        self.declared = declared


@dataclass(frozen=True)
class ParameterFile:
    """A parameter file as text; ``lines`` are its physical lines without their ends."""

    lines: tuple[str, ...]

    def statement(self, index: int) -> tuple[LogicalLine, int]:
        """The statement starting at line index ``index``, and the index after it (see ``lines.read_statement``)."""
        found = self._statements.get(index)
        if found is None:
            found = self._statements[index] = read_statement(self.lines, index)
        return found

    @cached_property
    def _statements(self) -> dict[int, tuple[LogicalLine, int]]:
        return {}

    @cached_property
    def end_of_statements(self) -> int:
        """Index of the line after the END-PROC (or END-GLOBAL) that closes the file; where its help text starts."""
        index = depth = 0
        while True:
            try:
                statement, index = self.statement(index)
                command = parse_command(statement.text)
            except TaeError as error:
                if error.resume is not None:
                    index = error.resume
                    continue
                if error.name == "PREEOF":
                    return len(self.lines)
                continue
            if introduction(command):
                depth += 1
            elif end_word(command) in ("PROC", "GLOBAL"):
                depth -= 1
                if depth <= 0:
                    return index

    @property
    def help_lines(self) -> tuple[str, ...]:
        """Physical lines after the last statement."""
        return self.lines[self.end_of_statements :]

    def declare(
        self,
        globals_: SymbolTable,
        subcommand: str = "",
        *,
        name: str = "",
        known: Callable[[str], bool] = lambda _word: False,
        qualifiers: Callable[[str, Variable], None] | None = None,
    ) -> Declared:
        """Carry out the declarations for a subcommand. Raises ``DeclarationError``.

        ``known(word)`` says whether a word is a built-in command (the message for it is another one);
        ``qualifiers(proc, variable)`` fills a parameter's qualifiers from a PARMSET.
        """
        return _Reader(self, globals_, subcommand, name, known, qualifiers).run()


@lru_cache(maxsize=2048)
def parse(text: str) -> ParameterFile:
    """The parameter file in a text (lines end with newline; a carriage return is white space of its line)."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return ParameterFile(tuple(line[:LINE_SIZE] for line in lines))


def introduction(command: Command) -> str:
    """The introduction a command is, "" if it is none."""
    word = fold(command.name)
    if word in INTRODUCTIONS:
        return word
    return "GLOBALS" if len(word) >= 6 and "GLOBALS".startswith(word) else ""


def end_word(command: Command) -> str:
    """What an END command ends, "" for other commands and for an END that is not clear."""
    if fold(command.name) != "END" or not command.subcommand:
        return ""
    matches = [word for word in ENDS if is_abbreviation(command.subcommand, word)]
    return matches[0] if len(matches) == 1 else ""


class _Reader:
    """Carries out the declarations of one file."""

    def __init__(
        self,
        file: ParameterFile,
        globals_: SymbolTable,
        subcommand: str,
        name: str,
        known: Callable[[str], bool],
        qualifiers: Callable[[str, Variable], None] | None,
    ) -> None:
        self.file = file
        self.globals = globals_
        self.known = known
        self.typed = subcommand[:NAME_SIZE]
        self.found = False
        self.in_block = False
        self.block_active = True
        self.doubtful = False  # a second block matched: the rest of the blocks is only listed
        self.nested = 0  # depth of internal procedures being skipped
        self.over = False
        self.declared = Declared()
        for variable in globals_:
            if variable.implicit:
                self.declared.references[fold(variable.name)] = variable
        self.declared.locals = implicit_locals(name, self.typed)
        self.context = declarations.Context(
            exists=lambda word: self.declared.find(word) is not None,
            search=self.declared.search,
            globals_=globals_,
            qualifiers=qualifiers,
        )

    def run(self) -> Declared:
        declared = self.declared
        index = 0
        try:
            while not self.over:
                statement, index = self.file.statement(index)
                declared.line = statement.first
                self.start = statement.first - 1
                self.statement(statement.text)
                declared.end = index
            self.check_subcommand()
        except TaeError as error:
            raise DeclarationError(error, declared) from None
        return declared

    def statement(self, text: str) -> None:
        try:
            text = substitute(text, ampersand_lookup(self.declared.search))
        except TaeError:
            if not self.nested:
                raise
        command = parse_command(text)
        if not command.name:
            return
        if self.nested:
            self.skip_internal(command)
        elif self.in_block and not self.block_active:
            if end_word(command) == "SUBCMD":
                self.end_block()
        elif introduction(command):
            self.introduce(introduction(command), command)
        elif not self.declared.kind:
            raise TaeError("MISINTRO" if self.known(command.name) else "BADDECL", *self._unless_known(command))
        else:
            self.declaration(command)

    def _unless_known(self, command: Command) -> tuple[str, ...]:
        return () if self.known(command.name) else (command.name,)

    def skip_internal(self, command: Command) -> None:
        if introduction(command):
            self.nested += 1
        elif end_word(command) == "PROC":
            self.nested -= 1

    # ---- statements ----

    def bound(self, command: Command, attributes: tuple[IntrinsicParameter, ...]) -> SymbolTable:
        """The parameters of a declaration command with the values given."""
        table = intrinsic_table(attributes)
        binding.bind(table, parse_fields(command.text, command.rest), self.declared.search)
        binding.require(table)
        return table

    def introduce(self, kind: str, command: Command) -> None:
        table = self.bound(command, INTRODUCTIONS[kind])
        values = {variable.name: variable.values or () for variable in table}
        declared = self.declared
        if declared.kind:
            name = str(values["NAME"][0]) if values["NAME"] else ""
            if not name:
                raise TaeError("NONAME")
            if any(fold(name) == fold(other) for other in declared.internal):
                raise TaeError("DUBINTNAME", name)
            declared.internal[name] = self.start
            self.nested = 1
            return
        declared.kind = kind
        declared.help = str(values["HELP"][0])
        declared.options = tuple(map(str, values["OPTIONS"]))
        declared.compiled = is_abbreviation(command.subcommand, "COMPILED") and bool(command.subcommand)
        if kind == "PROCESS":
            declared.execute = str(values["EXECUTE"][0])
        if declared.compiled:
            self.over = True
        if kind == "GLOBALS":
            self.context = declarations.Context(
                self.context.exists, self.context.search, self.globals, True, self.context.qualifiers
            )

    def declaration(self, command: Command) -> None:
        word = fold(command.name)
        action = DECLARATIONS.get(word)
        ending = end_word(command)
        if ending == "SUBCMD":
            if not self.in_block:
                raise TaeError("NOSUB")
            self.end_block()
        elif ending in ("PROC", "GLOBAL"):
            self.over = True
        elif action is not None:
            action(self, command)
        elif self.known(command.name):
            raise TaeError("NOTINPRE", word, ends=RETURN)
        else:
            raise TaeError("BADDECL", command.name)

    def parm(self, command: Command) -> None:
        page = bool(command.subcommand)
        self.variables(command, PARM, PARM_ATTRIBUTES, self.declared.parameters, page)

    def local(self, command: Command) -> None:
        self.variables(command, LOCAL, LOCAL_ATTRIBUTES, self.declared.locals)

    def defgbl(self, command: Command) -> None:
        self.variables(command, GLOBAL, LOCAL_ATTRIBUTES, self.globals)

    def variables(
        self,
        command: Command,
        kind: str,
        attributes: tuple[IntrinsicParameter, ...],
        table: SymbolTable,
        page: bool = False,
    ) -> None:
        bound = {variable.name: variable for variable in self.bound(command, attributes)}
        declarations.declare(kind, bound, table, self.context, page)

    def refgbl(self, command: Command) -> None:
        table = self.bound(command, REFGBL_ATTRIBUTES)
        for name in table.exact("NAME").values or ():  # type: ignore[union-attr]
            existing = self.declared.search(str(name))
            if existing is not None:
                if existing.kind == GLOBAL and existing.implicit:
                    continue
                raise TaeError("REFEX", name)
            variable = self.globals.exact(str(name))
            if variable is None:
                raise TaeError("UNDEFGBL", name)
            self.declared.references[fold(str(name))] = variable

    def body(self, command: Command) -> None:
        if self.declared.kind != "PROCEDURE":
            raise TaeError("PRCDONLY")
        self.over = True

    def subcmd(self, command: Command) -> None:
        table = self.bound(command, SUBCMD_ATTRIBUTES)
        name = str(table.exact("NAME").values[0])  # type: ignore[union-attr,index]
        default = bool(command.subcommand) and is_abbreviation(command.subcommand, "DEFAULT")
        self.declared.subcommands.append(Subcommand(name, default))
        if self.in_block:
            raise TaeError("SUBNST")
        self.in_block = True
        self.block_active = False
        if self.doubtful:
            self.block_active = True
        elif default and not self.typed:
            self.block_active = True
            if not self.found:
                self.choose(name)
        elif self.typed and is_abbreviation(self.typed, name):
            self.block_active = True
            if self.found:
                self.declared.messages.append(TaeError("SUBTWC", name, self.typed))
                self.doubtful = True
            else:
                self.choose(name)

    def choose(self, name: str) -> None:
        self.found = True
        self.declared.subcommand = name
        variable = self.declared.locals.exact("_SUBCMD")
        if variable is not None:
            variable.set((name,))

    def end_block(self) -> None:
        self.in_block = False
        self.block_active = False

    def check_subcommand(self) -> None:
        """After the last declaration: whether the subcommand asked for exists."""
        declared = self.declared
        error = None
        if self.doubtful:
            error = declared.messages.pop()
        elif not self.typed:
            if declared.subcommands and not self.found:
                error = TaeError("SUBREQ")
        elif not self.found:
            error = TaeError("UNRECSUB", self.typed)
        if error is not None:
            error.follow = (TaeError("SUBAVL", subcommand_list(declared.subcommands)),) if declared.subcommands else ()
            raise error


DECLARATIONS: dict[str, Callable[[_Reader, Command], None]] = {
    "PARM": _Reader.parm,
    "LOCAL": _Reader.local,
    "DEFGBL": _Reader.defgbl,
    "REFGBL": _Reader.refgbl,
    "SUBCMD": _Reader.subcmd,
    "BODY": _Reader.body,
}


def subcommand_list(blocks: list[Subcommand]) -> str:
    """Text of the message that lists the subcommands there are (source: msg_subs)."""
    text = "Valid subcommands:  "
    for block in blocks:
        if len(block.name) + len(text) + 5 > STRING_SIZE:
            return text + "..."
        text += block.name + ", "
    return text[:-2]


def implicit_locals(name: str, subcommand: str) -> SymbolTable:
    """The locals every procedure has (source: plcini)."""
    return SymbolTable(
        [
            string("_STDOUT", "TERMINAL", "", maximum=2, minimum=2),
            string("_ONFAIL", "RETURN", maximum=2),
            string("_PROC", name),
            string("_SUBCMD", subcommand),
            integer("_TUTOR", 0),
        ]
    )
