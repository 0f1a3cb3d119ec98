"""HELP on a screen: text in pages, and the page with a parameter's definition.

Source of the facts: ``disp_help``, ``disp_page``, ``page_pos``, ``get_hinput``, ``parm_sum`` (``tm/helpsubs.c``).
"""

from __future__ import annotations

from collections.abc import Sequence

from tae.helptext import Broken, HelpReader
from tae.lines import Joiner
from tae.messages import TaeError
from tae.tutor.editing import LineEditor
from tae.tutor.terminal import Closed, Resized, Stroke, Terminal, clear_message, header, message, scroll_out, show
from tae.values import NAME, REAL, STRING, Unreadable, parse_integer, shown_real
from tae.variables import Variable, is_abbreviation

HEAD_ROWS, TRAIL_ROWS = 2, 4
MOST_PAGES = 99
COMMANDS = "Enter EXIT or PAGE n (or press RETURN for next page)"
PLAIN_COLUMNS, VALID_COLUMNS = (20, 44), (7, 23)
DIVIDE_COLUMN = 34


def split_pages(reader: HelpReader | None, first: int, other: int) -> list[list[str]]:
    """The text of a section in pages: ``first`` rows on the first, ``other`` on the next ones."""
    pages: list[list[str]] = []
    page: list[str] | None = None
    try:
        while reader is not None and (line := reader.text()) is not None:
            if line == "\f":
                page = None
                continue
            if page is None or len(page) >= (first if len(pages) == 1 else other):
                if len(pages) == MOST_PAGES:
                    break
                page = []
                pages.append(page)
            page.append(line)
    except Broken:
        pass
    return pages


class HelpPages:
    """Shows a section of help and lets the user turn its pages.

    Parameters
    ----------
    left : what the help is on, for the first row
    title : lines above the first page; None for none (there is no blank row then either)
    variable : a parameter whose definition follows on a page of its own
    """

    def __init__(
        self,
        terminal: Terminal,
        left: str,
        title: Sequence[str] | None,
        reader: HelpReader | None,
        variable: Variable | None = None,
        bell: bool = False,
    ) -> None:
        self.terminal = terminal
        self.left = left
        self.title = title
        self.variable = variable
        self.bell = bell
        rows = terminal.rows - HEAD_ROWS - TRAIL_ROWS
        self._text = split_pages(reader, rows - (0 if title is None else len(title) + 1), rows)
        if not self._text and variable is None:
            raise TaeError("NOTEXT")

    def run(self) -> str:
        """Show pages until the user leaves; the command to go on with, or ""."""
        page = 1
        while True:
            last = self._show(page)
            try:
                page, command = self._ask(page, last)
            except Resized:
                continue
            except Closed:
                page, command = 0, ""
            if page == 0:
                scroll_out(self.terminal)
                return command

    def _show(self, page: int) -> bool:
        """Show a page; whether it is the last."""
        self.terminal.clear()
        if self.variable is not None and page > len(self._text):
            strokes = definition_strokes(self.variable, self.terminal.rows, self.terminal.columns)
            shown, last = len(self._text) + 1, True
        else:
            strokes, shown = self._page_strokes(page)
            last = shown == len(self._text) and self.variable is None
        show(self.terminal, [*strokes, *header("Help", self.left, shown, last, self.terminal.columns), *self._trail()])
        return last

    def _page_strokes(self, page: int) -> tuple[list[Stroke], int]:
        row = HEAD_ROWS + 1
        strokes = []
        if page == 1 and self.title is not None:
            strokes = [Stroke(row + i, 1, line) for i, line in enumerate(self.title)]
            row += len(self.title) + 1
            strokes.append(Stroke(row - 1, 1, None))
        page = min(page, len(self._text))
        for i, line in enumerate(self._text[page - 1]):  # what a long line left on the next row is wiped
            strokes += [Stroke(row + i, 1, None), Stroke(row + i, 1, line)]
        return strokes, page

    def _trail(self) -> list[Stroke]:
        rows = self.terminal.rows
        border = "_" * self.terminal.columns
        return [Stroke(rows - 3, 1, None), Stroke(rows - 3, 1, border), Stroke(rows - 1, 1, COMMANDS)]

    def _ask(self, page: int, last: bool) -> tuple[int, str]:
        """The next page, or 0 and a command."""
        while True:
            text = ask_line(self.terminal)
            if text is None:
                continue
            word, _, operand = text.strip().partition(" ")
            operand = operand.strip().strip('"')
            if not word:
                return (1 if last else page + 1), ""
            if is_abbreviation(word, "EXIT"):
                if not operand:
                    return 0, ""
                self._tell(TaeError("NOPARM", "EXIT"))
            elif is_abbreviation(word, "PAGE"):
                if not operand:
                    return page + 1, ""
                if " " in operand:
                    self._tell(TaeError("NUMPARM", "PAGE", 1, ""))
                    continue
                try:
                    number = parse_integer(operand)
                except Unreadable:
                    number = 0
                if number > 0:
                    return min(number, MOST_PAGES), ""
                self._tell(TaeError("PAGENUM"))
            else:
                return 0, text

    def _tell(self, error: TaeError) -> None:
        message(self.terminal, f"[{error.key}] {error.text}")
        if self.bell:
            self.terminal.bell()


def ask_line(terminal: Terminal) -> str | None:
    """A command typed in the last row of a display, its continuation lines joined; None when it was given up."""
    joiner = Joiner()
    prompt = "? "
    while True:
        line = LineEditor(terminal, prompt, terminal.rows, newline=True).read()
        more = line is not None and joiner.feed(line)
        if not more:
            clear_message(terminal)
            return None if line is None else joiner.text
        prompt = "?+ "


def definition_strokes(variable: Variable, rows: int, columns: int) -> list[Stroke]:
    """The page with a parameter's definition."""
    row = HEAD_ROWS + 1
    valid = variable.valid is not None
    at, value_at = VALID_COLUMNS if valid or variable.type == NAME else PLAIN_COLUMNS
    strokes = [Stroke(row, 1, " " * 26 + "PARAMETER DEFINITION")]
    row += 2
    for what, value in (("attribute", "value"), ("---------", "-----")):
        strokes.append(Stroke(row, 1, " " * at + what.ljust(value_at - at) + value))
        row += 1
    items = _attributes(variable)
    for index, (what, value) in enumerate(items):
        if index:
            row += 1
        strokes.append(Stroke(row, 1, " " * at + what.ljust(value_at - at) + value))
        row += 1
    if valid and variable.type != NAME:
        strokes += _valid_strokes(variable, row + 1, rows, columns)
    return strokes


def _attributes(variable: Variable) -> list[tuple[str, str]]:
    kind = variable.type
    if kind == STRING:
        kind = "KEYWORD" if variable.keyword else "FILE" if variable.file else "STRING"
    items = [("type", kind)]
    if kind == NAME:
        return items
    if variable.file:
        items.append(("access mode", variable.access))
    if kind == STRING and variable.valid is None:
        items.append(("max size", str(variable.size)))
    count = str(variable.minimum)
    if variable.minimum != variable.maximum:
        count += f" : {variable.maximum}"
    items.append(("count", count))
    items.append(("nullable", "yes" if variable.nullable else "no"))
    items.append(("qualifiers", "yes" if variable.qualifiers is not None and len(variable.qualifiers) else "no"))
    return items


def _valid_strokes(variable: Variable, end: int, rows: int, columns: int) -> list[Stroke]:
    """The VALID list, right of the divider; ``end`` is the row up to which the divider goes at least."""
    row = HEAD_ROWS + 3
    strokes = [
        Stroke(row, DIVIDE_COLUMN, "|   attribute      value"),
        Stroke(row + 1, DIVIDE_COLUMN, "|   ---------      -----"),
    ]
    row += 2
    label = "valid list"
    for index, text in enumerate(_valid_texts(variable, columns - DIVIDE_COLUMN - 19 - 1)):
        full = row == rows - TRAIL_ROWS - 1
        if full and index < len(variable.valid) - 1:
            text += ", ..."
        strokes.append(Stroke(row, DIVIDE_COLUMN, "|   " + label.ljust(15) + text))
        label = ""
        row += 1
        if full:
            break
    return strokes + [Stroke(r, DIVIDE_COLUMN, "|") for r in range(row, end)]


def _valid_texts(variable: Variable, room: int) -> list[str]:
    texts = []
    for item in variable.valid:
        if isinstance(item, str):
            texts.append(f'"{item}"' if len(item) <= room else f'"{item[: room - 5]}..."')
        else:
            convert = shown_real if variable.type == REAL else str
            low, high = item
            texts.append(convert(low) if low == high else f"{convert(low)} -> {convert(high)}")
    return texts
