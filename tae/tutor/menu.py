"""MENU: choosing from menu definition files (``.mdf``).

While the user is in menu mode the menu takes the place of the prompt: it hands the session one command after the other.

Source of the facts: ``tm/menuport.c``, ``tm/editor.c`` (menu_editor), ``tae.help`` for its help.

known
    Without a screen the menu is printed line by line, but the entries' help texts (.EHELP) are not shown page by page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tae.help import file_name
from tae.helptext import Broken, HelpReader
from tae.library import SpecError
from tae.lines import Joiner, forgiving_substitution
from tae.messages import TaeError
from tae.scanner import WORD, Scanner, strip_quotes
from tae.tutor.editing import Keys, LineEditor
from tae.tutor.terminal import Closed, Resized, Stroke, clear_message, header, message, scroll_out, show
from tae.values import Unreadable, parse_integer
from tae.variables import fold, is_abbreviation

if TYPE_CHECKING:
    from tae.session import Session

TITLE_ROW = 3
MOST_MENUS = 50
NOTHING, AFTER_RETURN, AT_ONCE = "nothing", "after return", "at once"  # how the menu is painted
OPEN_TEXT = "Enter:  selection number, HELP, BACK, TOP, MENU, COMMAND, or LOGOFF."
CLOSED_TEXT = "Enter:  selection number, HELP, BACK, TOP, or LOGOFF."
PRESS = "Press RETURN key for menu"
# command, operands, not in a closed menu; any left part of the name will do
COMMANDS = (
    ("TOP", 0, False),
    ("BACK", 0, False),
    ("MENU", 1, True),
    ("HELP", 1, False),
    ("?", 0, False),
    ("REPLY", 0, False),
    ("COMMAND", 0, True),
    ("EXIT", 0, True),
    ("LOGOFF", 0, False),
)


@dataclass
class Item:
    """One entry: ``MENU``, ``PROC`` or ``COMMAND``, what it leads to, its text, and its row on the screen."""

    kind: str
    target: str
    lines: list[str] = field(default_factory=list)
    row: int = 0
    position: int = 0  # of the line after the directive


@dataclass
class MenuFile:
    """A menu definition file as far as it can be shown."""

    title: list[str]
    items: list[Item]
    error: TaeError | None = None


def read_menu(reader: HelpReader, room: int) -> MenuFile:
    """Read a menu; ``room`` is the number of rows that entries and title have."""
    menu = MenuFile([], [])
    word, argument = reader.directive()
    if fold(word) == ".TITLE":
        try:
            while (line := reader.text()) is not None:
                menu.title.append("" if line == "\f" else line[:80])
        except Broken:
            menu.error = TaeError("TTLERR")
            return menu
        if len(menu.title) > room - 2:
            menu.error = TaeError("BADTITLE.menu")
            menu.title = []
        word, argument = reader.directive()
    if fold(word) == ".HELP":
        word, argument = reader.directive()
    used = len(menu.title) + 1 if menu.title else 0
    while used < room:
        kind = fold(word)
        if kind in (".END", ".HELP"):
            break
        if kind in (".MENU", ".PROC", ".COMMAND"):
            if not argument:
                menu.error = TaeError("MALMDF", len(menu.items) + 1)
                break
            item = Item(kind[1:], strip_quotes(argument), position=reader.position)
            try:
                while used + len(item.lines) < room and (line := reader.text()) is not None:
                    item.lines.append("" if line == "\f" else line)
            except Broken:
                pass
            item.lines = item.lines or ["No description available."]
            used += len(item.lines)
            menu.items.append(item)
        elif kind not in (".TITLE", ".EHELP"):
            menu.error = TaeError("BADMENDIR", word)
            break
        word, argument = reader.directive()
    return menu


def item_lines(number: int, item: Item, columns: int) -> list[str]:
    """An entry as it is shown."""
    lines = [line[: columns - 4] for line in item.lines]
    return [(f"{number})  " if i == 0 else "")[:4].ljust(4) + line for i, line in enumerate(lines)]


class Menu:
    """The menus of a session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.closed = False
        self._paint: str = ""  # "" until the first menu was shown
        self._just_opened = False  # by the MENU command
        self._open = False
        self._library = ""
        self._name = ""
        self._file = MenuFile([], [])
        self._lines: list[str] = []
        self._index = -1
        self._previous = ""  # typed in HELP
        self._shown_menus: tuple = ()
        self._writes = -1

    @property
    def _specs(self) -> tuple:
        return self.session.global_values("$MENUS")

    def _count(self) -> int:
        """How often something was shown."""
        terminal = self.session.terminal
        return self.session.writes + (terminal.writes if terminal is not None else 0)

    # --- the MENU command

    def open(self, name: str, subcommand: str, level: int) -> None:
        """MENU name: into menu mode. Raises `TaeError`."""
        self.closed = self.closed or subcommand == "CLOSED"
        self._load(name)
        self.session.menu_mode = True
        self._just_opened = self._open = True
        self._paint = AFTER_RETURN if level > 0 and self._paint else AT_ONCE

    def repaint(self) -> None:
        """The tutor was left with EXIT: the menu comes back without being asked for."""
        self._paint = AT_ONCE

    def tutor_started(self) -> None:
        """TUTOR with a name: what it leaves on the screen shall stay until RETURN."""
        self._paint = AFTER_RETURN

    def _load(self, name: str) -> None:
        """Find and read a menu file; without a name the last one (``opnmdf``)."""
        session = self.session
        specs = self._specs
        new = not specs or bool(name)
        if specs and new and len(specs) >= MOST_MENUS:
            raise TaeError("MAXMEN", MOST_MENUS)
        text = name or (specs[-1] if specs else "root")
        try:
            found = session.find(text, "mdf")
            lines = session.read_lines(found.path) if found is not None else None
        except (SpecError, OSError):
            lines = None
        if lines is None:
            raise TaeError("MDFOPEN", text if specs else session.files.crack(text, kind="mdf").text)
        self._lines = lines
        self._library, self._name = found.spec.library, found.spec.name
        self._index = -1
        if new:
            session.set_global("$MENUS", (*specs, found.spec.text))

    def _reopen(self) -> None:
        """Open the last menu again, from its full name."""
        if self._open:
            return
        if not self._specs:
            self._load("")
        else:
            self._load("")
            self._library = self._specs[-1].rpartition("/")[0] + "/" if "/" in self._specs[-1] else ""
        self._open = True

    # --- menu mode

    def next_command(self) -> str:
        """Show the menu, carry out what is about menus, and return the command for the session."""
        session = self.session
        if self._paint == NOTHING:
            if self._count() != self._writes:
                self._paint = AFTER_RETURN
            elif self._previous:
                self._paint = AT_ONCE
            else:
                self._paint = AFTER_RETURN if self._specs != self._shown_menus else AT_ONCE
        self._open = self._just_opened
        self._index = -1
        try:
            command = self._talk(self._paint)
        except TaeError as error:
            session.report(error)
            command, session.menu_mode = "", False
        except Closed:
            command, session.menu_mode = "", False
        if session.terminal is not None:
            scroll_out(session.terminal)
        self._writes = self._count()
        self._just_opened = False
        if session.menu_mode:
            self._shown_menus = self._specs
        return command

    def _talk(self, paint: str) -> str:
        if paint == AFTER_RETURN and "NO_PRESS_FOR_MENU" not in self.session.global_values("$MENUOPT"):
            text = (self.session.ask_command(PRESS) or "").strip()
            if fold(text[:1]) and (is_abbreviation(text.split()[0], "HELP") or text == "?"):
                self._previous = text
        self._show()
        while True:
            text, self._previous = self._previous, ""
            in_help = bool(text)
            try:
                text = text or self._ask()
            except Resized:
                self._show()
                continue
            if not text.strip():
                continue
            try:
                command = self._command(text)
            except TaeError as error:
                if in_help:
                    self._show()
                self._tell(error)
                continue
            if command is not None:
                return command

    def _tell(self, error: TaeError) -> None:
        session = self.session
        if session.terminal is None:
            session.report(error)
            return
        message(session.terminal, f"[{error.key}] {error.text}")
        session.last_key = error.key
        if session.global_text("$MESSAGE") in ("BELL", "ATTN"):
            session.terminal.bell()

    def _ask(self) -> str:
        """A command typed in the menu."""
        session, terminal = self.session, self.session.terminal
        options = CLOSED_TEXT if self.closed else OPEN_TEXT
        if terminal is None:
            session.write_terminal(options)
            text = session.ask_command("? ")
            if text is None:
                raise Closed
            return text
        joiner, prompt = Joiner(), "? "
        while True:
            terminal.put(terminal.rows - 1, 1, options)
            line = LineEditor(terminal, prompt, terminal.rows, MenuKeys(self)).read()
            if line is None:
                clear_message(terminal)
                return ""
            if not joiner.feed(line):
                clear_message(terminal)
                return joiner.text
            prompt = "?+ "

    def _command(self, text: str) -> str | None:
        """Carry out a line; the command for the session, or None to go on in the menu."""
        scanner = Scanner(text)
        kind, verb = scanner.solid()
        verb = strip_quotes(verb) if kind == WORD else text.strip()[:1]
        rest = text[scanner.position :].strip()
        for name, most, restricted in COMMANDS:
            if (is_abbreviation(verb, name) if name != "?" else verb == "?") and not (restricted and self.closed):
                return self._named(name, self._operand(name, most, rest))
        digits = len(verb) - len(verb.lstrip("0123456789"))
        if kind == WORD and verb[:1].isdigit() and digits < len(verb):
            digits = 0
        try:
            number = parse_integer(verb)
        except Unreadable:
            raise TaeError("BADMENCMD", verb) from None
        return self._selected(number, rest)

    @staticmethod
    def _operand(name: str, most: int, rest: str) -> str:
        if rest and most == 0:
            raise TaeError("NOPARM", name)
        first, _, more = rest.partition(" ")
        if more.strip():
            raise TaeError("NUMPARM", name, most, "s" if most > 1 else "")
        return strip_quotes(first)

    def _selected(self, number: int, rest: str) -> str | None:
        if number < 1:
            raise TaeError("LOMENNUM")
        if number > len(self._file.items):
            raise TaeError("HIMENNUM")
        if rest:
            raise TaeError("NOPARM", "select number")
        item = self._file.items[number - 1]
        if item.kind == "MENU":
            return self._go_to(item.target)
        if item.kind == "COMMAND":
            self._paint, self._open = NOTHING, False
            return item.target
        self._paint = AT_ONCE
        self._open = False
        return f"TUTOR {item.target}"

    def _named(self, name: str, operand: str) -> str | None:
        if name in ("TOP", "BACK"):
            specs = self._specs
            if len(specs) <= 1:
                raise TaeError("ATROOT")
            self.session.set_global("$MENUS", specs[:1] if name == "TOP" else specs[:-1])
            self._open = False
            self._show()
            return None
        if name == "MENU":
            if operand:
                return self._go_to(operand)
            self._show()
            return None
        if name in ("HELP", "?"):
            self._help(name, operand)
            return None
        self._open = False
        if name == "REPLY":
            self._paint = NOTHING
            return name
        self._paint = AT_ONCE
        if name == "LOGOFF":
            return name
        self.session.menu_mode = False
        return "COMMAND"

    def _go_to(self, name: str) -> None:
        self._load(name)
        self._open = True
        self._show()

    # --- showing

    def _reader(self, position: int = 0) -> HelpReader:
        session = self.session
        replaced = forgiving_substitution(session.top.search)

        return HelpReader(self._lines, position, session.global_values("$SYSCHAR"), replaced)

    def _header(self, kind: str) -> str:
        options = self.session.global_values("$MENUOPT")
        parts = [] if "NO_NAME" in options else [f'{kind} "{self._name}"']
        if "NO_LIBRARY" not in options:
            parts.append(f'library "{self._library}"')
        return " ".join(parts)

    def _show(self) -> None:
        session, terminal = self.session, self.session.terminal
        self._reopen()
        rows = terminal.rows if terminal is not None else 10000
        self._file = read_menu(self._reader(), rows - 4 - TITLE_ROW + 1)
        if terminal is None:
            self._print()
            return
        tag = "" if "NO_TAG" in session.global_values("$MENUOPT") else "Menu"
        strokes = header(tag, self._header(" "), 0, True, terminal.columns)
        row = TITLE_ROW
        strokes += [Stroke(row + i, 1, line) for i, line in enumerate(self._file.title)]
        row += len(self._file.title) + bool(self._file.title)
        for number, item in enumerate(self._file.items, 1):
            item.row = row
            for line in item_lines(number, item, terminal.columns):
                strokes.append(Stroke(row, 1, line))
                row += 1
        terminal.clear()
        show(terminal, strokes)
        if self._file.error is not None:
            self._tell(self._file.error)

    def _print(self) -> None:
        put = self.session.write_terminal
        for line in (" ", self._header("menu"), " ", *self._file.title):
            put(line)
        for number, item in enumerate(self._file.items, 1):
            for line in item_lines(number, item, 80):
                put(line)
        if self._file.error is not None:
            self._tell(self._file.error)

    # --- help

    def _help(self, name: str, operand: str) -> None:
        session = self.session
        if name == "?":
            self._previous = session.help.message(session.last_key) or ""
        elif not operand:
            self._previous = session.help.mode("menumode", "menu mode") or ""
        elif operand == "*":
            self._reopen()
            self._previous = session.help.menu(self._reader(), self._header("menu"), self._name) or ""
        else:
            self._previous = self._help_on(operand)
        if not self._previous:
            self._show()

    def _help_on(self, operand: str) -> str:
        session = self.session
        try:
            number = parse_integer(operand)
        except Unreadable:
            return session.help.proc(operand) or ""
        if number < 1:
            raise TaeError("LOMENNUM")
        if number > len(self._file.items):
            raise TaeError("HIMENNUM")
        item = self._file.items[number - 1]
        if item.kind == "PROC":
            return session.help.proc(item.target) or ""
        if item.kind == "COMMAND":
            reader = self._reader(item.position)
            word, _ = reader.directive()
            if fold(word) != ".EHELP":
                raise TaeError("NOHELP", f"Entry {number}")
            return session.help.section(f"MENU: {self._name} Entry {number}", None, reader) or ""
        saved = (self._lines, self._library, self._name)
        try:
            found = session.find(item.target, "mdf")
            if found is None:
                raise TaeError("NOHELP", file_name(item.target))
            self._lines = session.read_lines(found.path)
            head = f'menu "{found.spec.name}" library "{found.spec.library}"'
            return session.help.menu(self._reader(), head, found.spec.name) or ""
        except (SpecError, OSError):
            raise TaeError("NOHELP", file_name(item.target)) from None
        finally:
            self._lines, self._library, self._name = saved


class MenuKeys(Keys):
    """Arrow keys in a menu bring the number of an entry into the line."""

    def __init__(self, menu: Menu) -> None:
        self.menu = menu

    def _mark(self, on: bool) -> None:
        menu = self.menu
        if 0 <= menu._index < len(menu._file.items):
            item = menu._file.items[menu._index]
            terminal = menu.session.terminal
            terminal.put(item.row, 1, item_lines(menu._index + 1, item, terminal.columns)[0], on)

    def emptied(self) -> None:
        self._mark(False)

    finished = emptied

    def up(self, room: int) -> str | None:
        return self._step(-1, 0)

    def down(self, room: int) -> str | None:
        return self._step(1, -1)

    def _step(self, way: int, end: int) -> str | None:
        menu = self.menu
        self._mark(False)
        count = len(menu._file.items)
        if not count:
            return ""
        if self.gold:
            menu._index = end % count
        elif way < 0:
            menu._index = count - 1 if menu._index <= 0 else menu._index - 1
        else:
            menu._index = 0 if menu._index < 0 else (menu._index + 1) % count
        self._mark(True)
        return str(menu._index + 1)
