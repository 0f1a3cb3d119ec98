"""HELP: the text after END-PROC of a parameter file, or of a ``.hlp`` file.

Source of the facts: ``tm/help.c``, ``tm/helpsubs.c``, ``lib/tae/directive.c``.

known
    HELP-HARDCOPY writes what HELP shows, not a document with a table of contents. There is no help on modes but that of
    commands unless the folder of ``$TAEHELPTM`` holds some; help on built-in commands and on messages is made from their
    declarations (`tae.generatedhelp`) unless that folder and the one of ``$TAEHELPINX`` have some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tae.binding import bind
from tae.commands import find, find_command
from tae.helptext import Broken, HelpReader
from tae.library import FileSpec, SpecError
from tae.lines import forgiving_substitution, read_statement
from tae.messages import TaeError
from tae.parser import parse_command, parse_fields
from tae.variables import Variable, fold, intrinsic_table, is_abbreviation

if TYPE_CHECKING:
    from tae.session import Session

HELP_LIBRARY = "$TAEHELPTM"
MESSAGE_LIBRARY = "$TAEHELPINX"
TITLE_SIZE = 80


@dataclass
class Opened:
    """A file with help, at the place where its directives start."""

    reader: HelpReader
    proc: str
    subcommand: str
    library: str
    builtin: bool
    item: str


class Help:
    """Shows help to the user of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _previous(self) -> tuple[str, str] | None:
        """Procedure and subcommand of the HELP just before, None after any other command."""
        return self._session.help_subject

    def _remember(self, subject: tuple[str, str] | None) -> None:
        self._session.help_subject = subject

    # --- the commands

    # Each gives back the command that the user typed to leave the help, "" if none.

    def proc(self, name: str, put: Callable[[str], None] | None = None) -> str:
        """HELP proc, HELP-COMMAND command; without a name help on the prompt."""
        if not name:
            self._remember(None)
            if self._session.interrupted:
                return self.mode("intmode", "interrupt mode")
            return self.mode("commode", "command mode")
        if name.startswith("-"):
            if self._previous is None:
                raise TaeError("MISPROC")
            name = self._previous[0] + name
        opened = self._open(name)
        kind = "command" if opened.builtin else "proc"
        title, at_help = self._title(opened.reader)
        if not at_help and not search(opened.reader, ".HELP"):
            raise TaeError("NOHELP", opened.proc)
        header = f'{kind} "{file_name(opened.proc)}"'
        if not opened.builtin:
            header += f' library "{opened.library}"'
        if opened.subcommand:
            full = self._find_subcommand(opened, kind)
            header = f' subcommand "{full}", {kind} "{file_name(opened.proc)}"'
        command = self.section(header, title, opened.reader, put)
        self._remember((opened.proc, opened.subcommand))
        return command

    def parameter(self, parameter: str, name: str) -> str:
        """HELP-PARM parm proc."""
        if self._previous is not None and (not name or name.startswith("-")):
            proc, subcommand = self._previous
            name = proc + (name or (f"-{subcommand}" if subcommand else ""))
        if not name:
            raise TaeError("MISPAR.help")
        if name.startswith("-"):
            raise TaeError("MISPROC")
        opened = self._open(name)
        self._title(opened.reader)
        full = find_parameter(opened.reader, parameter, opened.proc, opened.subcommand)
        proc = file_name(opened.proc) + (f"-{opened.subcommand}" if opened.subcommand else "")
        command = self.section(f' parameter "{full}", proc "{proc}"', [], opened.reader)
        self._remember((opened.proc, opened.subcommand))
        return command

    def of_global(self, name: str) -> str:
        """HELP-GLOBAL name: from the procedure that made the global."""
        self._remember(None)
        variable = self._session.globals.exact(name)
        if variable is None:
            raise TaeError("NOGLB", name)
        if not variable.defined_in:
            raise TaeError("NOHELP", name)
        where = "$TAEPDF/taegbl.pdf" if variable.defined_in == "taegbl" else variable.defined_in
        opened = self._open(where)
        self._title(opened.reader)
        full = find_parameter(opened.reader, name, opened.proc, opened.subcommand)
        return self.section(f'global "{full}", defined in "{opened.proc}"', [], opened.reader)

    def message(self, key: str) -> str:
        """HELP-MESSAGE key: from the message file of its facility."""
        self._remember(None)
        if not key:
            raise TaeError("NOMSG")
        facility, dash, word = key.partition("-")
        if not facility or not dash or not word:
            raise TaeError("BADKEY")
        name = f"{facility}fac".lower()
        lines = self._lines(FileSpec(MESSAGE_LIBRARY, name, "msg"))
        if lines is None and fold(facility) == "TAE" and self._has_library(MESSAGE_LIBRARY):
            from tae.generatedhelp import message_lines

            made = message_lines(word)
            if made is None:
                raise TaeError("NOKEY", word)
            return self.section(f" message key = '{key}'", None, self._reader(made, 0, MESSAGE_LIBRARY))
        if lines is None:
            raise TaeError("NOFAC", facility.lower())
        reader = self._reader(lines, 0, MESSAGE_LIBRARY)
        while True:
            directive, argument = reader.directive()
            if fold(directive) == ".END":
                raise TaeError("NOKEY", word)
            if fold(directive) == ".KEY" and fold(argument) == fold(word):
                break
        return self.section(f" message key = '{key}'", None, reader)

    def hardcopy(self, name: str, output: str) -> None:
        """HELP-HARDCOPY proc output."""
        session = self._session
        try:
            spec = session.files.crack(output, name=file_name(name), kind="mem")
            file = session.files.path(spec.text).open("w", encoding="latin-1", errors="replace")
        except (OSError, SpecError) as error:
            raise TaeError("OPNWRT.hardcopy", f"Unable to open output file. {getattr(error, 'strerror', '')}") from None
        with file:
            self.proc(name, lambda line: print(line, file=file))

    # --- finding the text

    def _open(self, text: str) -> Opened:
        """The help of a command (``opnhlp``); raises `TaeError`."""
        session = self._session
        try:
            command = parse_command(text)
        except TaeError:
            raise TaeError("ERPROC") from None
        entries = find_command(command.name)
        if entries:
            return self._open_builtin(command.name, command.subcommand, command.dash)
        nothing = TaeError("NOHELP", command.name)
        try:
            found = session.find(command.name, "pdf")
            lines = session.read_lines(found.path) if found else None
        except (SpecError, OSError):
            lines = None
        if lines is None:
            raise nothing
        try:
            statement, after = read_statement(lines, 0)
            value = self._help_attribute(statement.text)
        except TaeError as error:
            session.report(error)
            raise nothing from None
        if value is None:
            raise TaeError("MISINTRO.help", command.name)
        library = found.spec.library
        if value == "*":
            reader = self._reader(lines, after, library)
        else:
            spec = session.files.crack(value, library=library, name=found.spec.name, kind="hlp")
            other = self._lines(spec)
            if other is None:
                raise nothing
            reader = self._reader(other, 0, library)
        return Opened(reader, command.name, command.subcommand, library, False, found.spec.name)

    def _open_builtin(self, name: str, subcommand: str, dash: bool) -> Opened:
        entry = find_command(name)[0]
        if subcommand or dash:
            chosen, _ = find(name, subcommand)
            if chosen is None:
                raise TaeError("UNDEFSUB", subcommand)
            subcommand = chosen.subcommand
        lines = self._lines(FileSpec(HELP_LIBRARY, entry.name.lower(), "hlp"))
        if lines is None:
            if not self._has_library(HELP_LIBRARY):
                raise TaeError("NOHELP", entry.name)
            from tae.generatedhelp import command_lines

            lines = command_lines(find_command(name))
            subcommand = ""
        return Opened(self._reader(lines, 0, HELP_LIBRARY), entry.name, subcommand, HELP_LIBRARY, True, entry.name.lower())

    def _has_library(self, library: str) -> bool:
        """Whether there is a help library at all; without one there is no help, as with the original's open distribution."""
        return library.removeprefix("$") in self._session.environment

    def _help_attribute(self, text: str) -> str | None:
        """The value of HELP= in the first statement of a file; None when the statement has no such parameter."""
        command = parse_command(text)
        entry, _ = find(command.name, command.subcommand)
        if entry is None:
            raise TaeError("UNRECCMD", command.name)
        table = intrinsic_table(entry.parameters)
        bind(table, parse_fields(command.text, command.rest), self._session.current.search)
        variable = table.exact("HELP")
        return None if variable is None else variable.text

    def _lines(self, spec: FileSpec) -> list[str] | None:
        path = self._session.files.existing(spec.text)
        try:
            return None if path is None else self._session.read_lines(path)
        except OSError:
            return None

    def _reader(self, lines: Sequence[str], position: int, library: str) -> HelpReader:
        session = self._session
        replaced = forgiving_substitution(session.top.search)

        def included(name: str) -> Sequence[str] | None:
            return self._lines(session.files.crack(name, library=library, kind="hlp"))

        return HelpReader(lines, position, session.global_values("$SYSCHAR"), replaced, included)

    def mode(self, name: str, what: str) -> str:
        """Help on a mode of the monitor."""
        lines = self._lines(FileSpec(HELP_LIBRARY, name, "hlp"))
        if lines is None:
            raise TaeError("NOHELP", what)
        return self.menu(self._reader(lines, 0, HELP_LIBRARY), "", what)

    def menu(self, reader: HelpReader, header: str, what: str) -> str:
        """The title and .HELP text of a menu or mode."""
        title, at_help = self._title(reader)
        if not at_help and not search(reader, ".HELP"):
            raise TaeError("NOHELP", what)
        return self.section(header, title, reader)

    @staticmethod
    def _title(reader: HelpReader) -> tuple[list[str], bool]:
        """The title, and whether the reader is at the .HELP text now."""
        word = fold(reader.directive()[0])
        title: list[str] = []
        if word == ".TITLE":
            try:
                while (line := reader.text()) is not None:
                    if line == "\f":
                        raise Broken
                    title.append(line[:TITLE_SIZE])
            except Broken:
                raise TaeError("TTLERR") from None
            word = fold(reader.directive()[0])
        return title, word == ".HELP"

    def _find_subcommand(self, opened: Opened, kind: str) -> str:
        """Go to the text of a subcommand; its full name (``pos_subcmd``)."""
        reader, wanted = opened.reader, opened.subcommand
        nothing = TaeError("NOSUBHELP", f"No help available for subcommand '{wanted}' of {kind} '{opened.proc}'.")
        if not search(reader, ".LEVEL2"):
            raise nothing
        matches: list[tuple[str, int]] = []
        while True:
            word, argument = reader.directive()
            if is_abbreviation(word, ".SUBCMD"):
                if fold(argument) == fold(wanted):
                    return wanted
                if is_abbreviation(wanted, argument):
                    matches.append((argument, reader.position))
            elif not is_abbreviation(word, ".VARIABLE"):
                break
        if not matches:
            raise nothing
        if len(matches) > 1:
            raise TaeError("AMBIGSUB", wanted)
        reader.position = matches[0][1]
        return matches[0][0]

    # --- showing it

    def section(
        self,
        header: str,
        title: Sequence[str] | None,
        reader: HelpReader,
        put: Callable[[str], None] | None = None,
    ) -> str:
        """Show a section of help text: page by page on a screen, else line by line (``helper``, ``noscr_help``)."""
        session = self._session
        if session.terminal is not None and session.standard_output is None and put is None:
            from tae.helppages import HelpPages

            return HelpPages(session.terminal, header, title, reader).run()
        put = put or self._session.print
        put("")
        put(f" HELP INFORMATION - {header}")
        put("")
        for line in title or [""]:
            put(line)
        try:
            while (line := reader.text()) is not None:
                if line == "\f":
                    put("")
                    put("")
                else:
                    put(line)
        except Broken:
            pass
        return ""


def search(reader: HelpReader, directive: str) -> bool:
    """Go on to a directive; False when the help ends before it."""
    try:
        while True:
            word = fold(reader.directive()[0])
            if word == directive:
                return True
            if word == ".END":
                return False
    except Broken:
        return False


def find_parameter(reader: HelpReader, parameter: str, proc: str, subcommand: str) -> str:
    """Go to the level-2 text of a parameter; its name as the help spells it (``pos_parm``).

    Texts for the procedure and subcommand meant come before general ones, full names before abbreviations.
    """
    nothing = TaeError("NOPARHELP", parameter)
    if not search(reader, ".LEVEL2"):
        raise nothing
    best, matches, found = 10, 0, (parameter, 0)
    while True:
        word, argument = reader.directive()
        if not is_abbreviation(word, ".VARIABLE"):
            if is_abbreviation(word, ".SUBCMD"):
                continue
            break
        name, _, scope = argument.partition(" ")
        priority = _priority(name, scope.strip(), parameter, proc, subcommand)
        if priority == 1:
            return parameter
        if priority < 10:
            matches += 1
            if priority < best:
                best, found = priority, (name, reader.position)
    if not matches:
        raise nothing
    if best >= 4 and matches > 1:
        raise TaeError("AMBIGPAR.help", parameter)
    reader.position = found[1]
    return found[0]


def _priority(name: str, scope: str, parameter: str, proc: str, subcommand: str) -> int:
    if fold(name) == fold(parameter):
        base = 1
    elif is_abbreviation(parameter, name):
        base = 4
    else:
        return 10
    if not scope:
        return base + 2
    for_proc, _, for_subcommand = scope.partition("-")
    if for_proc and fold(for_proc) != fold(proc):
        return 10
    if not for_subcommand:
        return base + 1
    return base if subcommand and is_abbreviation(subcommand, for_subcommand) else 10


def file_name(spec: str) -> str:
    """The name part of a specification."""
    name = spec.rpartition("/")[2]
    return name.rpartition(".")[0] if "." in name else name


def definition_lines(variable: Variable) -> list[str]:
    """The table of a parameter's definition that follows its help in the tutor (``parm_sum``)."""
    from tae.values import NAME, shown_real

    def row(what: str, value: str) -> str:
        return f"{'':20}{what:<24}{value}"

    kind = "KEYWORD" if variable.keyword else "FILE" if variable.file else variable.type
    lines = [" ", f"{'':26}PARAMETER DEFINITION", "", row("attribute", "value"), row("---------", "-----"), row("type", kind)]
    if variable.type == NAME:
        return lines
    rows = []
    if variable.file:
        rows.append(("access mode", variable.access))
    if kind == "STRING" and variable.valid is None:
        rows.append(("max size", str(variable.size)))
    count = str(variable.minimum)
    if variable.minimum != variable.maximum:
        count += f" : {variable.maximum}"
    rows.append(("count", count))
    rows.append(("nullable", "yes" if variable.nullable else "no"))
    rows.append(("qualifiers", "yes" if variable.qualifiers is not None and len(variable.qualifiers) else "no"))
    for what, value in rows:
        lines += ["", row(what, value)] if len(lines) > 5 else [row(what, value)]
    if variable.valid is None:
        return [*lines, ""]
    lines.append("")
    for index, item in enumerate(variable.valid):
        if isinstance(item, str):
            value = f'"{item}"'
        else:
            low, high = (shown_real(v) if isinstance(v, float) else str(v) for v in item)
            value = low if low == high else f"{low} -> {high}"
        lines.append(row("valid list", value) if index == 0 else f"{'':44}{value}")
    return lines
