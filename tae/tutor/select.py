"""The SELECT display: one string of a VALID list is chosen.

Source of the facts: ``tm/tutselect.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tae.help import file_name
from tae.lines import Joiner, ampersand_lookup, substitute
from tae.messages import TaeError
from tae.scanner import END, WORD, Scanner
from tae.tutor.editing import Keys, Leave, LineEditor
from tae.tutor.noscreen import operand_of
from tae.tutor.terminal import Resized, Stroke, clear_message, header, message, show
from tae.values import Unreadable, parse_integer
from tae.variables import Variable, fold, is_abbreviation

if TYPE_CHECKING:
    from tae.tutor.screen import ScreenTutor

LIST_ROW, LIST_ROWS_OFF = 7, 9  # first row of the list; rows of the screen that are not the list's
DESCRIPTION_COLUMN = 10
COMMANDS = "Enter: ?, up-arrow, down-arrow, SEARCH, HELP, ACCEPT, EXIT"
# command, letters it needs, operands it takes (-1: any number)
TABLE = (("HELP", 1, -1), ("INCACT", 6, -1), ("DECACT", 6, -1), ("EXIT", 1, 0), ("ACCEPT", 1, 0), ("SEARCH", 1, 1))


def selected(text: str) -> tuple[str, int]:
    """The parameter and component that SELECT names; "" for none. Raises `TaeError`."""
    scanner = Scanner(text)
    scanner.solid()
    kind, name = scanner.solid()
    if kind == END:
        return "", 1
    if kind != WORD:
        raise TaeError("TSLUNTCMD")
    kind, _ = scanner.solid()
    if kind == END:
        return name, 1
    if kind != "(":
        raise TaeError("TSLUNTCMD")
    kind, number = scanner.solid()
    try:
        return name, parse_integer(number) if kind == WORD else int("")
    except (Unreadable, ValueError):
        raise TaeError("TSLUNTCMD") from None


class SelectKeys(Keys):
    """Up and Down are commands of the display."""

    def up(self, room: int) -> str | None:
        raise Leave("DECACT PAGE" if self.gold else "DECACT")

    def down(self, room: int) -> str | None:
        raise Leave("INCACT PAGE" if self.gold else "INCACT")


class SelectDisplay:
    """The strings of a parameter's VALID list, one of them active."""

    def __init__(self, tutor: ScreenTutor, variable: Variable, number: int, description: list[str] | None) -> None:
        self.tutor = tutor
        self.terminal = tutor.terminal
        self.strings = list(variable.valid or ())
        self.label = f"{variable.name}( {number} )" if variable.maximum > 1 else variable.name
        self.description = ["Description not available"] if description is None else description
        self.top = 0
        self.active: int | None = None
        if number <= variable.count:
            present = fold(variable.values[number - 1])
            self.active = next((i for i, text in enumerate(self.strings) if fold(text) == present), None)
        if self.active is not None:
            self.top = max(0, self.active - (self._room - 1))
        self._redraw = True
        self._shown: tuple[int, int | None] | None = None

    @property
    def _room(self) -> int:
        return self.terminal.rows - LIST_ROWS_OFF

    def run(self) -> str | None:
        """The string that was accepted, None for none."""
        previous = ""
        while True:
            self._show()
            text, previous = previous, ""
            if not text:
                text = self._ask()
                if text is None:
                    continue
            try:
                text = substitute(text, ampersand_lookup(self.tutor.session.top.search))
            except TaeError:
                self._tell(TaeError("TUTSUB"))
                continue
            try:
                name, operand = self._find(text)
                if name == "EXIT":
                    return None
                if name == "ACCEPT":
                    return None if self.active is None else self.strings[self.active]
                if name in ("HELP", "?"):
                    previous = self._help(name, operand)
                elif name == "SEARCH":
                    self._search(operand)
                else:
                    self._step(1 if name == "INCACT" else -1, fold(operand) == "PAGE")
            except TaeError as error:
                self._tell(error)

    def _show(self) -> None:
        if self._redraw:
            self.terminal.clear()
            scope = self.tutor.scope
            name = file_name(scope.name) + (f"-{scope.subcommand}" if scope.subcommand else "")
            left = f' parameter "{self.label}", {self.tutor.target.kind} "{name}"'
            strokes = header("Tutor/Select", left, 0, False, self.terminal.columns)
            strokes += [Stroke(3 + i, DESCRIPTION_COLUMN, line) for i, line in enumerate(self.description)]
            strokes += [Stroke(5, 1, None), Stroke(5, 1, "Selection List"), Stroke(6, 1, None), Stroke(6, 1, "-" * 24)]
            show(self.terminal, [*strokes, Stroke(self.terminal.rows - 1, 1, COMMANDS)])
            self._redraw = False
            self._shown = None
        if self._shown == (self.top, self.active):
            self.terminal.move(self.terminal.rows, 1)
            return
        self._shown = (self.top, self.active)
        width = self.terminal.columns
        for row in range(self._room):
            self.terminal.clear_row(LIST_ROW + row, 1)
            index = self.top + row
            if index < len(self.strings):
                text = self.strings[index]
                if len(text) >= width:
                    text = text[: width - 4] + "..."
                self.terminal.put(LIST_ROW + row, 1, text, index == self.active)
        self.terminal.move(self.terminal.rows, 1)

    def _ask(self) -> str | None:
        joiner, prompt = Joiner(), ""
        while True:
            try:
                line = LineEditor(self.terminal, prompt, self.terminal.rows, SelectKeys(), newline=True).read()
            except Leave as leave:
                line = leave.text
            except Resized:
                self._redraw = True
                return None
            if line is None or not joiner.feed(line):
                clear_message(self.terminal)
                return None if line is None else joiner.text

    def _tell(self, error: TaeError) -> None:
        message(self.terminal, f"[{error.key}] {error.text}")
        self.tutor.session.last_key = error.key

    def _find(self, text: str) -> tuple[str, str]:
        scanner = Scanner(text)
        kind, word = scanner.solid()
        if word == "?":
            return "?", ""
        for name, letters, operands in TABLE if kind == WORD else ():
            if len(word) >= letters and is_abbreviation(word, name):
                return name, operand_of(name, operands, text, scanner.position)
        raise TaeError("TSLUNTCMD")

    def _help(self, name: str, operand: str) -> str:
        tutor = self.tutor
        if name == "?":
            tutor._do_what("", "")
        else:
            tutor._do_help(f"help {operand}", operand)
        self._redraw = True
        command, tutor.previous = tutor.previous, ""
        return command

    def _step(self, way: int, page: bool) -> None:
        """Another string becomes active: the next one, or the one a screen further on."""
        last, room = len(self.strings) - 1, self._room
        if self.active is None:
            self.active = 0
        elif page and way > 0:
            self.active = min(self.active + room, last)
            self.top = max(self.active - (room - 1), 0)
        elif page:
            self.active = self.top = max(self.active - room, 0)
        elif way > 0:
            self.active += 1
            if self.active > self.top + room - 1:
                self.top += 1
            if self.active > last:
                self.active = self.top = 0
        else:
            self.active -= 1
            self.top = min(self.top, max(self.active, 0))
            if self.active < 0:
                self.active = last
                self.top = max(last - (room - 1), 0)

    def _search(self, text: str) -> None:
        """Make the next string that begins with a text active."""
        last, room = len(self.strings) - 1, self._room
        start = -1 if self.active is None or self.active == last else self.active
        order = [*range(start + 1, last + 1), *range(0, start + 1)]
        found = next((i for i in order if self.strings[i] and is_abbreviation(text, self.strings[i])), None)
        if found is None:
            raise TaeError("TNOTFOUND", text)
        self.active = found
        self.top = max(min(found - room // 2, last - room + 1), 0)
