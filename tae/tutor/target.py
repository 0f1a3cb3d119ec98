"""What a tutor is about: a procedure or a built-in command with its parameters and help.

Source of the facts: ``tm/tutorport.c`` (tutor_do, update_ctx, prep_pdf, prep_intrin), ``tm/tuthelp.c``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tae.commands import Intrinsic
from tae.helptext import Broken, HelpError, HelpReader, prepare
from tae.library import FileSpec, SpecError
from tae.lines import forgiving_substitution
from tae.messages import TaeError
from tae.parser import parse_command
from tae.scanner import WORD, Scanner
from tae.variables import fold

if TYPE_CHECKING:
    from tae.scopes import Scope
    from tae.session import Session

HELP_LIBRARY = "$TAEHELPTM"


@dataclass
class Target:
    """A command with its help.

    Attributes
    ----------
    scope : the command's parameters, and for a procedure everything else
    entry : the declaration of a built-in command, None for a procedure
    title : lines of the title
    screen : whether the dialogue goes on on the screen, None when nobody has said anything about it
    broken : there is something wrong with the text: nothing of it is shown but what was found before
    make_reader : gives a reader at a line of the help text, or None when there is no help file
    """

    scope: Scope
    entry: Intrinsic | None = None
    title: Sequence[str] = ()
    make_reader: Callable[[int], HelpReader] | None = None
    help_at: int = -1
    level1_at: int = -1
    level2_at: int = -1
    broken: bool = False
    screen: bool | None = None
    _level1: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``proc`` or ``command``, as headers say."""
        return "proc" if self.entry is None else "command"

    def read_help(self) -> None:
        """Find title and sections; raises `TaeError` for help that the tutor refuses."""
        if self.make_reader is None:
            return
        try:
            found = prepare(self.make_reader(0))
        except HelpError as error:
            self.help_at = error.found.help
            raise
        self.title = found.title
        self.help_at, self.level1_at, self.level2_at = found.help, found.level1, found.level2

    def description(self, name: str, directive: str = ".VAR") -> list[str] | None:
        """Level-1 text of a parameter (or, with ``.SUBCMD``, of a subcommand); None when there is none."""
        if self.make_reader is None or self.level1_at < 0 or self.broken:
            return None
        if not self._level1:
            self._read_level1()
        for subcommand in dict.fromkeys((fold(self.scope.subcommand), "")):
            text = self._level1.get((directive, fold(name) + "\0" + subcommand))
            if text is not None:
                return text
        return None

    def _read_level1(self) -> None:
        self._level1[("", "")] = []
        reader = self.make_reader(self.level1_at)
        for directive, argument, start in self._sections(reader):
            name, scope = _name_and_scope(argument, directive)
            if name is None or not self._meant(scope):
                continue
            subcommand = fold(scope.partition("-")[2])
            key = (directive, fold(name) + "\0" + subcommand)
            if key not in self._level1:
                text = self.make_reader(start)
                self._level1[key] = _lines(text)

    def go_to_level2(self, name: str, directive: str = ".VAR") -> HelpReader | None:
        """A reader at the level-2 text of a parameter or subcommand; None when there is none."""
        if self.make_reader is None or self.broken:
            return None
        start = self.level2_at if self.level2_at >= 0 else self._find_level2()
        if start < 0:
            return None
        for subcommand in dict.fromkeys((fold(self.scope.subcommand), "")):
            for found, argument, at in self._sections(self.make_reader(start)):
                which, scope = _name_and_scope(argument, found)
                if found != directive or which is None or fold(which) != fold(name):
                    continue
                if self._meant(scope) and fold(scope.partition("-")[2]) == subcommand:
                    return self.make_reader(at)
        return None

    def _find_level2(self) -> int:
        reader = self.make_reader(max(self.level1_at, 0))
        try:
            while True:
                word = fold(reader.directive()[0])
                if word == ".LEVEL2":
                    return reader.position
                if word == ".HELP":
                    self.help_at = reader.position
                if word == ".END":
                    return -1
        except Broken:
            return -1

    def general_help(self) -> HelpReader | None:
        """A reader at the .HELP text."""
        if self.make_reader is None:
            return None
        if self.help_at < 0 and not self.broken:
            self._find_level2()
        return self.make_reader(self.help_at) if self.help_at >= 0 else None

    @staticmethod
    def _sections(reader: HelpReader):
        """Directives of a level: word (``.VAR`` or ``.SUBCMD``), argument and the line after."""
        try:
            while True:
                word, argument = reader.directive()
                if fold(word).startswith(".VAR"):
                    yield ".VAR", argument, reader.position
                elif fold(word) == ".SUBCMD":
                    yield ".SUBCMD", argument, reader.position
                else:
                    return
        except Broken:
            return

    def _meant(self, scope: str) -> bool:
        proc = scope.partition("-")[0]
        return not proc or fold(proc) == fold(self.scope.name)


def _name_and_scope(argument: str, directive: str) -> tuple[str | None, str]:
    """The parameter's name, and the ``proc-subcommand`` it is for."""
    scanner = Scanner(argument)
    kind, name = scanner.token()
    if kind == "-" and directive == ".SUBCMD":
        return "", ""
    if kind != WORD:
        return None, ""
    rest = argument[scanner.position :].strip()
    if not rest:
        return name, ""
    try:
        command = parse_command(rest)
    except TaeError:
        return name, ""
    return name, command.name + (f"-{command.subcommand}" if command.subcommand else "")


def _lines(reader: HelpReader) -> list[str]:
    lines = []
    try:
        while (line := reader.text()) is not None:
            lines.append("" if line == "\f" else line)
    except Broken:
        pass
    return lines


def help_source(session: Session, scope: Scope, builtin: bool) -> Callable[[int], HelpReader] | None:
    """How to read the help of a command; None when there is no file of it."""
    library = HELP_LIBRARY if builtin else scope.file_scope.library
    first = 0
    if not builtin and scope.help == "*":
        lines: Sequence[str] = scope.source.lines
        first = scope.position
    else:
        try:
            if builtin:
                spec = FileSpec(HELP_LIBRARY, scope.name.lower(), "hlp")
            else:
                spec = session.files.crack(scope.help, library=library, name=scope.name, kind="hlp")
            path = session.files.existing(spec.text)
            if path is None or path.is_dir():
                return None
            lines = session.read_lines(path)
        except (SpecError, OSError):  # a name that cannot be one, a file that cannot be read: there is no help
            return None
    replaced = forgiving_substitution(session.top.search)

    def included(name: str) -> Sequence[str] | None:
        path = session.files.existing(session.files.crack(name, library=library, kind="hlp").text)
        return None if path is None else session.read_lines(path)

    def reader(position: int) -> HelpReader:
        return HelpReader(lines, position or first, session.global_values("$SYSCHAR"), replaced, included)

    return reader
