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
from tae.values import NAME
from tae.variables import SymbolTable, Variable, fold, is_abbreviation

if TYPE_CHECKING:
    from tae.scopes import Subcommand
    from tae.session import Session
    from tae.tutor.target import Target

RUN, EXIT, ACCEPT, HOLD = "run", "exit", "accept", "hold"
DYNAMIC_LIBRARY = 0x10  # flag: a dialogue of a running procedure shows its name too

PARM, SUBCOMMAND, QUALIFIER = "parm", "subcommand", "qual"  # what a dialogue is about

# command, letters it needs (0: all), operands it takes (-1: any number), for parameters, for subcommands, for qualifiers
COMMANDS = (
    ("?", 0, 0, True, True, True),
    ("HELP", 1, 1, True, True, True),
    ("PAGE", 1, 1, True, True, True),
    ("", 0, 0, True, True, True),
    ("RUN", 1, -1, True, False, False),
    ("EXIT", 1, 0, True, True, False),
    ("SAVE", 2, 1, True, False, False),
    ("RESTORE", 2, 1, True, False, False),
    ("LIST", 1, -1, True, True, True),
    ("DISPLAY", 1, -1, True, True, True),
    ("TUTOR", 1, 0, True, True, True),
    ("SCREEN", 1, 0, True, True, True),
    ("NOSCREEN", 1, 0, True, True, True),
    ("SET", 2, -1, True, False, False),
    ("SHOW", 2, 1, True, False, True),
    ("QUALIFY", 1, 1, True, False, False),
    ("ACCEPT", 1, 0, False, False, True),
    ("HOLD", 2, 0, True, True, False),
    ("SELECT", 3, -1, True, False, True),
)
UNKNOWN = {PARM: "BADTUTCMD", SUBCOMMAND: "TSUNTCMD", QUALIFIER: "TQUNTCMD"}
NO_DESCRIPTION = "    Description not available"


class NoScreen:
    """One dialogue about a target.

    Parameters
    ----------
    dynamic : asked for while a procedure runs
    preface : lines instead of the list of parameters
    kind : whether parameters, a subcommand or the qualifiers of a parameter are asked for
    table : the parameters, when they are not the target's own
    parameter : name of the parameter whose qualifiers these are
    """

    screen = False
    for_job = False  # asked for while an asynchronous job runs

    def __init__(
        self,
        session: Session,
        target: Target,
        dynamic: bool = False,
        preface: tuple[str, ...] = (),
        kind: str = PARM,
        table: SymbolTable | None = None,
        parameter: str = "",
    ) -> None:
        self.session = session
        self.target = target
        self.scope = target.scope
        self.dynamic = dynamic
        self.preface = preface
        self.kind = kind
        self.table = self.scope.parameters if table is None else table
        self.parameter = parameter
        self.chosen = ""  # the subcommand
        self.previous = ""  # a command that was typed in HELP
        self._held: TaeError | None = None

    def run(self) -> str:
        """Talk until the user runs the command or leaves: ``run`` or ``exit``."""
        if not self.screen:
            self._introduce()
        remember_defaults(self.table)
        while True:
            text, self.previous = self.previous, ""
            if not text:
                self._show_page()
                if self._held is not None:
                    self._tell(self._held)
                    self._held = None
                asked = self._ask()
                if asked is None:
                    return EXIT
                try:
                    text = substitute(asked, ampersand_lookup(self.session.top.search))
                except TaeError:
                    self._tell(TaeError("TUTSUB"))
                    continue
            try:
                done = self._command(text)
            except TaeError as error:
                self._tell(error)
                continue
            if done:
                return done

    def _show_page(self) -> None:
        """A screen is brought up to date here."""

    def _tell(self, error: TaeError) -> None:
        self.session.report(error)

    def _ask(self) -> str | None:
        prompt = f"{self.session.global_text('$PROMPT')}-{self.scope.name}"
        return self.session.ask_command(prompt + ("-SUBCOMMAND>" if self.kind == SUBCOMMAND else ">"))

    def _introduce(self) -> None:
        put = self.session.write_terminal
        if self.kind == QUALIFIER:
            names = [variable.name for variable in self.table]
            put(listing.name_list(f"'{self.parameter}' parameter qualifiers requested:  ", names))
        elif self.kind == SUBCOMMAND:
            put(listing.name_list("Subcommands:  ", [s.name for s in self.scope.subcommands]))
        elif self.preface:
            for line in self.preface:
                put(line.rstrip())
        else:
            if self.target.entry is None and (not self.dynamic or self.session.switch & DYNAMIC_LIBRARY):
                header = self.header()
                if header:
                    put(header)
            for line in listing.requested(self.table):
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
            if self.kind == SUBCOMMAND:
                raise TaeError("TSUNTCMD")
            self._assign(text)
            return ""
        if self.kind == SUBCOMMAND and text.lstrip().startswith("-"):
            return self._choose(text)
        name, operand = self._find(text)
        action = getattr(self, f"_do_{name.lower()}" if name not in ("", "?") else {"": "_do_nothing", "?": "_do_what"}[name])
        return action(text, operand) or ""

    def _find(self, text: str) -> tuple[str, str]:
        """The command of a line and its operand; raises `TaeError`."""
        unknown = TaeError(UNKNOWN[self.kind])
        scanner = Scanner(text)
        kind, verb = scanner.solid()
        if kind not in (WORD, QUOTED, END, "?") or (kind == END and text):
            raise unknown
        verb = strip_quotes(verb)
        column = 3 + (PARM, SUBCOMMAND, QUALIFIER).index(self.kind)
        for command in COMMANDS:
            name, letters, operands = command[:3]
            if not command[column]:
                continue
            if fold(verb) == name or (letters and len(verb) >= letters and is_abbreviation(verb, name)):
                return name, operand_of(name, operands, text, scanner.position)
        raise unknown

    def _assign(self, text: str) -> None:
        assign_line(self.table, text, self._search, self.session.validate)

    def _choose(self, text: str) -> str:
        """``-name`` or ``-``: the subcommand."""
        name = subcommand_name(text)
        if not name:
            for subcommand in self.scope.subcommands:
                if subcommand.default:
                    self.chosen = subcommand.name
                    return RUN
            raise TaeError("TNODEFSUB")
        self.chosen = self.find_subcommand(name).name
        return RUN

    def find_subcommand(self, name: str) -> Subcommand:
        """A subcommand by its name or an abbreviation."""
        found = []
        for subcommand in self.scope.subcommands:
            if fold(subcommand.name) == fold(name):
                return subcommand
            if is_abbreviation(name, subcommand.name):
                found.append(subcommand)
        if len(found) == 1:
            return found[0]
        raise TaeError("AMBIGSUB.tutor" if found else "UNRECSUB.tutor", name)

    def _search(self, name: str) -> Variable | None:
        return self.scope.caller.search(name) if self.scope.caller is not None else None

    def _do_nothing(self, text: str, operand: str) -> None:
        """RETURN alone."""

    def _do_what(self, text: str, operand: str) -> None:
        self.session.help.message(self.session.last_key)

    def _do_exit(self, text: str, operand: str) -> str:
        self.session.set_status(1, "TAE-EXIT")
        return EXIT

    def _do_tutor(self, text: str, operand: str) -> None:
        """A screen is not there, or is not wanted."""

    _do_screen = _do_tutor

    def _do_noscreen(self, text: str, operand: str) -> None:
        """Already there."""

    def _do_page(self, text: str, operand: str) -> None:
        raise TaeError("TPAGNSC")

    def _do_select(self, text: str, operand: str) -> None:
        raise TaeError("TSELNOTSCR")

    def _do_hold(self, text: str, operand: str) -> str:
        if not self.for_job:
            raise TaeError("SYNTUTHLD")
        return HOLD

    def _do_accept(self, text: str, operand: str) -> str:
        return ACCEPT

    def _do_qualify(self, text: str, operand: str) -> None:
        variable = find_parameter(self.table, operand)
        if variable.qualifiers is None or not len(variable.qualifiers):
            raise TaeError("TNOQUAL", variable.name)
        self._qualifiers(variable).run()

    def _qualifiers(self, variable: Variable) -> NoScreen:
        return NoScreen(
            self.session, self.target, self.dynamic, kind=QUALIFIER, table=variable.qualifiers, parameter=variable.name
        )

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
                found.append(find_parameter(self.table, name))
            except TaeError as error:
                self.session.report(error)
        return found

    def _do_list(self, text: str, operand: str, describe: bool = False) -> None:
        if self.kind == SUBCOMMAND:
            self._list_subcommands(text, describe)
            return
        names = self._names(text)
        for variable in self.table if names is None else names:
            self._list(variable)
            if describe:
                self._describe(variable)

    def _do_display(self, text: str, operand: str) -> None:
        self._do_list(text, operand, describe=True)

    def _do_show(self, text: str, operand: str) -> None:
        if not operand:
            raise TaeError("TSHOWPRM")
        self._list(find_parameter(self.table, operand.partition("(")[0]))

    def _list_subcommands(self, text: str, describe: bool) -> None:
        wanted = text.split(maxsplit=1)[1:]
        names = [name.strip() for name in wanted[0].strip("() ").split(",")] if wanted else []
        for subcommand in [self.find_subcommand(name) for name in names] or self.scope.subcommands:
            for line in listing.subcommand_lines([subcommand]):
                self.session.write_terminal(line)
            if describe:
                text_lines = self.target.description(subcommand.name, ".SUBCMD")
                for line in [NO_DESCRIPTION] if text_lines is None else [f"    {line}" for line in text_lines]:
                    self.session.write_terminal(line)

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
        return self._started()

    def _leave(self) -> None:
        """A display is left here."""

    def _started(self) -> str:
        """RUN after the values on its line were taken."""
        missing = missing_list(self.table)
        if missing:
            raise TaeError("TMISPAR", "s" if len(missing) > 1 else "", ", ".join(missing))
        self._leave()
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
        bind(self.table, parse_fields(text, position), self._search, self.session.validate)

    # --- help

    def _do_help(self, text: str, operand: str) -> None:
        if not operand:
            raise TaeError("NOHELP.tutor2")
        if operand == "*":
            reader = self.target.general_help() if self.kind != QUALIFIER else None
            if reader is None:
                raise TaeError("NOHELP.tutor", file_name(self.scope.name))
            self._show_help(self.header(), list(self.target.title), reader, None)
            return
        if self.kind == SUBCOMMAND or operand.startswith("-"):
            self._subcommand_help(operand.removeprefix("-"))
            return
        variable = find_parameter(self.table, operand)
        proc = file_name(self.scope.name) + (f"-{self.scope.subcommand}" if self.scope.subcommand else "")
        if self.kind == QUALIFIER:
            proc = file_name(self.scope.name)
        header = f' parameter "{variable.name}", {self.target.kind} "{proc}"'
        self._show_help(header, [], self.target.go_to_level2(variable.name) if self.kind == PARM else None, variable)

    def _subcommand_help(self, name: str) -> None:
        if self.kind != SUBCOMMAND:
            if not self.scope.subcommand or not is_abbreviation(name, self.scope.subcommand):
                raise TaeError("TINVSUBHLP")
            name = self.scope.subcommand
        full = self.find_subcommand(name).name
        reader = self.target.go_to_level2(full, ".SUBCMD")
        if reader is None:
            raise TaeError("TNOLEV2", full)
        header = f' subcommand "{full}", {self.target.kind} "{file_name(self.scope.name)}"'
        self._show_help(header, [], reader, None)

    def _show_help(self, header: str, title: list[str], reader: HelpReader | None, variable: Variable | None) -> None:
        if self.session.terminal is not None:
            from tae.helppages import HelpPages

            self.previous = HelpPages(self.session.terminal, header, title, reader, variable).run()
            return
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


def subcommand_name(text: str) -> str:
    """The name after the dash; "" when there is none. Raises `TaeError`."""
    scanner = Scanner(text)
    scanner.solid()
    kind, name = scanner.solid()
    if kind == END:
        return ""
    if kind != WORD:
        raise TaeError("SUBCFMT")
    if scanner.solid()[0] != END:
        raise TaeError("TUNEXCH")
    return name


def remember_defaults(table: SymbolTable) -> None:
    """What the parameters have now is what ``parm=`` brings back (``rsetini``)."""
    for variable in table:
        if variable.type == NAME:
            variable.default_name = variable.reference.name if variable.reference is not None else ""
            continue
        variable.default = variable.values
        if variable.qualifiers is not None:
            remember_defaults(variable.qualifiers)


def operand_of(name: str, most: int, text: str, position: int) -> str:
    """The first operand, for commands that take one; raises when there are more than allowed (``intprm``)."""
    rest = text[position:].strip()
    if not rest:
        return ""
    if most == 0:
        raise TaeError("NOPARM", name)
    first, after = rest, ""
    if not rest.startswith('"'):
        end = next((i for i, c in enumerate(rest) if c in " \t,)"), len(rest))
        first, after = rest[:end], rest[end:]
        if after.startswith(")") and "(" in first:
            after = after[1:]
    if after.strip(" ,") and most != -1:
        raise TaeError("NUMPARM", name, most, "s" if most > 1 else "")
    return strip_quotes(first)
