"""The tutor at a plain prompt.

Source of the facts: ``tm/tutorport.c``, ``tm/tutcmd.c``, ``tm/tutdisp.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tae import listing, restoring
from tae.binding import missing_list
from tae.help import definition_lines, file_name
from tae.helptext import Broken, HelpReader
from tae.lines import ampersand_lookup, substitute
from tae.messages import TaeError
from tae.parser import parse_command_qualifiers, parse_fields
from tae.scanner import END, QUOTED, WORD, Scanner, strip_quotes
from tae.tutor.assign import assign_line, bind, find_parameter
from tae.variables import Variable, fold, is_abbreviation

if TYPE_CHECKING:
    from tae.session import Session
    from tae.tutor.target import Target

RUN, EXIT, SCREEN = "run", "exit", "screen"

# command, letters it needs (0: all), operands it takes (-1: any number), for parameters, for subcommands
COMMANDS = (
    ("?", 0, 0, True, True),
    ("HELP", 1, 1, True, True),
    ("PAGE", 1, 1, True, True),
    ("", 0, 0, True, True),
    ("RUN", 1, -1, True, False),
    ("EXIT", 1, 0, True, True),
    ("SAVE", 2, 1, True, False),
    ("RESTORE", 2, 1, True, False),
    ("LIST", 1, -1, True, True),
    ("DISPLAY", 1, -1, True, True),
    ("TUTOR", 1, 0, True, True),
    ("SCREEN", 1, 0, True, True),
    ("NOSCREEN", 1, 0, True, True),
    ("SET", 2, -1, True, False),
    ("SHOW", 2, 1, True, False),
    ("QUALIFY", 1, 1, True, False),
    ("HOLD", 2, 0, True, True),
    ("SELECT", 3, -1, True, False),
)
NO_DESCRIPTION = "    Description not available"


class NoScreen:
    """One dialogue about a target."""

    def __init__(self, session: Session, target: Target, dynamic: bool = False, preface: tuple[str, ...] = ()) -> None:
        self.session = session
        self.target = target
        self.scope = target.scope
        self.dynamic = dynamic
        self.preface = preface
        self._held: TaeError | None = None

    def run(self) -> str:
        """Talk until the user runs the command or leaves: ``run``, ``exit`` or ``screen``."""
        self._introduce()
        while True:
            if self._held is not None:
                self.session.report(self._held)
                self._held = None
            prompt = f"{self.session.global_text('$PROMPT')}-{self.scope.name}>"
            text = self.session.ask_command(prompt)
            if text is None:
                return EXIT
            try:
                text = substitute(text, ampersand_lookup(self.session.top.search))
            except TaeError:
                self.session.report(TaeError("TUTSUB"))
                continue
            try:
                done = self._command(text)
            except TaeError as error:
                self.session.report(error)
                continue
            if done:
                return done

    def _introduce(self) -> None:
        put = self.session.write_terminal
        if self.preface:
            for line in self.preface:
                put(line)
            return
        if self.target.entry is None and (not self.dynamic or self.session.switch & 0x10):
            header = self.header()
            if header:
                put(header)
        for line in listing.requested(self.scope.parameters):
            put(line)

    def header(self) -> str:
        """``proc "name" library "lib"``, without what $TUTOPT takes away."""
        options = self.session.global_values("$TUTOPT")
        parts = []
        if "NO_NAME" not in options:
            parts.append(f'{self.target.kind} "{file_name(self.scope.name)}"')
        if self.target.entry is None and "NO_LIBRARY" not in options:
            parts.append(f'library "{self.scope.library}"')
        return " ".join(parts)

    # --- commands

    def _command(self, text: str) -> str:
        """Execute one line; what ends the dialogue, or ""."""
        if is_assignment(text):
            assign_line(self.scope.parameters, text, self._search, self.session.validate)
            return ""
        name, operand = self._find(text)
        action = getattr(self, f"_do_{name.lower()}" if name not in ("", "?") else {"": "_do_nothing", "?": "_do_what"}[name])
        return action(text, operand) or ""

    def _find(self, text: str) -> tuple[str, str]:
        """The command of a line and its operand; raises `TaeError`."""
        scanner = Scanner(text)
        kind, verb = scanner.solid()
        if kind not in (WORD, QUOTED, END, "?"):
            raise TaeError("BADTUTCMD")
        verb = strip_quotes(verb)
        for name, letters, operands, *_ in COMMANDS:
            if fold(verb) == name or (letters and len(verb) >= letters and is_abbreviation(verb, name)):
                return name, self._operand(name, operands, text, scanner.position)
        raise TaeError("BADTUTCMD")

    @staticmethod
    def _operand(name: str, most: int, text: str, position: int) -> str:
        """The first operand, for commands that take one; raises when there are more than allowed (``intprm``)."""
        rest = text[position:].strip()
        if not rest:
            return ""
        if most == 0:
            raise TaeError("NOPARM", name)
        first, _, more = rest.partition(" ")
        if more.strip() and most != -1:
            raise TaeError("NUMPARM", name, most, "s" if most > 1 else "")
        return strip_quotes(first)

    def _search(self, name: str) -> Variable | None:
        return self.scope.caller.search(name) if self.scope.caller is not None else None

    def _do_nothing(self, text: str, operand: str) -> None:
        """RETURN alone."""

    def _do_what(self, text: str, operand: str) -> None:
        self.session.help.message(self.session.last_key)

    def _do_exit(self, text: str, operand: str) -> str:
        self.session.set_status(1, "TAE-EXIT")
        return EXIT

    def _do_tutor(self, text: str, operand: str) -> str:
        return SCREEN

    _do_screen = _do_tutor

    def _do_noscreen(self, text: str, operand: str) -> None:
        """Already there."""

    def _do_page(self, text: str, operand: str) -> None:
        raise TaeError("TPAGNSC")

    def _do_select(self, text: str, operand: str) -> None:
        raise TaeError("TSELNOTSCR")

    def _do_hold(self, text: str, operand: str) -> None:
        raise TaeError("SYNTUTHLD")

    def _do_qualify(self, text: str, operand: str) -> None:
        variable = find_parameter(self.scope.parameters, operand)
        if variable.qualifiers is None or not len(variable.qualifiers):
            raise TaeError("TNOQUAL", variable.name)
        raise TaeError("TSELNOTSCR")

    def _names(self, text: str) -> list[Variable] | None:
        """The parameters that LIST or DISPLAY names; None means all. Unknown names are reported."""
        scanner = Scanner(text)
        scanner.solid()
        rest = text[scanner.position :].strip()
        if not rest:
            return None
        operands = parse_fields(f"x={rest}")
        field = operands.named[0]
        if field.error is not None or not field.values:
            raise TaeError("INVPVAL", field.error[1] if field.error and len(field.error) > 1 else "Invalid value format")
        if len(operands.named) > 1 or operands.positional:
            raise TaeError("TTOOVAL")
        found = []
        for name in field.values:
            try:
                found.append(find_parameter(self.scope.parameters, name))
            except TaeError as error:
                self.session.report(error)
        return found

    def _do_list(self, text: str, operand: str, describe: bool = False) -> None:
        names = self._names(text)
        for variable in self.scope.parameters if names is None else names:
            self._list(variable)
            if describe:
                self._describe(variable)

    def _do_display(self, text: str, operand: str) -> None:
        self._do_list(text, operand, describe=True)

    def _do_show(self, text: str, operand: str) -> None:
        if not operand:
            raise TaeError("TSHOWPRM")
        self._list(find_parameter(self.scope.parameters, operand.partition("(")[0]))

    def _list(self, variable: Variable) -> None:
        columns = self.session.columns or listing.LINE_SIZE
        for line in listing.parameter_lines(variable, columns):
            self.session.write_terminal(line)

    def _describe(self, variable: Variable) -> None:
        text = self.target.description(variable.name)
        for line in [NO_DESCRIPTION] if text is None else [f"    {line}" for line in text]:
            self.session.write_terminal(line)

    def _do_save(self, text: str, operand: str) -> None:
        restoring.save_parameters(self.session, self.scope, operand)

    def _do_restore(self, text: str, operand: str) -> None:
        refused = restoring.load_parameters(self.session, self.scope, operand)
        if refused:
            self._held = TaeError("TNOTUSED", restoring.refused_text(refused))

    def _do_set(self, text: str, operand: str) -> None:
        self._given(text)

    def _do_run(self, text: str, operand: str) -> str | None:
        self._given(text)
        missing = missing_list(self.scope.parameters)
        if missing:
            raise TaeError("TMISPAR", "s" if len(missing) > 1 else "", ", ".join(missing))
        save = self.scope.qualifiers.exact("SAVE")
        if save is not None and not save.defaulted:
            restoring.save_parameters(self.session, self.scope, save.text)
        try:
            restoring.save_parameters(self.session, self.scope, "last")
        except TaeError as error:
            self.session.report(TaeError("SAVELAST", error.text))
        self.session.set_status(1, "")
        return RUN

    def _given(self, text: str) -> None:
        """Values on the line of RUN or SET."""
        scanner = Scanner(text)
        scanner.solid()
        qualifiers, position = parse_command_qualifiers(text, scanner.position)
        if qualifiers is not None:
            bind(self.scope.qualifiers, parse_fields(qualifiers), self._search, self.session.validate)
            restore = self.scope.qualifiers.exact("RESTORE")
            if not restore.defaulted:
                restoring.load_parameters(self.session, self.scope, restore.text)
        bind(self.scope.parameters, parse_fields(text, position), self._search, self.session.validate)

    # --- help

    def _do_help(self, text: str, operand: str) -> None:
        if not operand:
            raise TaeError("NOHELP.tutor2")
        if operand == "*":
            reader = self.target.general_help()
            if reader is None:
                raise TaeError("NOHELP.tutor", self.scope.name)
            self._show(self.header(), list(self.target.title), reader, None)
            return
        variable = find_parameter(self.scope.parameters, operand)
        proc = file_name(self.scope.name) + (f"-{self.scope.subcommand}" if self.scope.subcommand else "")
        header = f' parameter "{variable.name}", {self.target.kind} "{proc}"'
        self._show(header, [], self.target.go_to_level2(variable.name), variable)

    def _show(self, header: str, title: list[str], reader: HelpReader | None, variable: Variable | None) -> None:
        put = self.session.write_terminal
        put("")
        put(f" HELP INFORMATION - {header}")
        put("")
        for line in title or [""]:
            put(line)
        try:
            while reader is not None and (line := reader.text()) is not None:
                if line == "\f":
                    put("")
                    put("")
                else:
                    put(line)
        except Broken:
            pass
        for line in definition_lines(variable) if variable is not None else ():
            put(line)


def is_assignment(text: str) -> bool:
    """Whether a line is ``parm=value`` or ``parm(i)=value`` rather than a command (``srchtab``)."""
    scanner = Scanner(text)
    scanner.solid()
    kind, _ = scanner.solid()
    return kind == "=" or (kind == "(" and "=" in text[scanner.position :])
