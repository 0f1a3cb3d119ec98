"""The pages of the tutor: which parameters stand on which page, and what a page looks like.

A `Book` is made from the parameters (or subcommands), their descriptions and the size of the terminal. What it draws depends
on nothing else; the terminal only shows it.

Pages are numbered as they are come to: how many there are is known only when the last one has been laid out.

Source of the facts: ``tm/tutdisp.c``, ``bldvhlp`` and ``bldshlp`` (``tm/tuthelp.c``), ``tm/tutsubs.c``, ``include/tminc.inc``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tae.tutor.terminal import Stroke, header
from tae.values import NAME, REAL, STRING, shown_real
from tae.variables import Variable

NAME_COLUMN, NAME_HEAD = 1, 3
SUBCOMMAND_COLUMN, SUBCOMMAND_HEAD = 17, 22
DESCRIPTION_COLUMN, DESCRIPTION_HEAD, DESCRIPTION_WIDTH = 11, 16, 32
VALUE_COLUMN, VALUE_HEAD, VALUE_WIDTH = 47, 55, 26
NUMBER_END = 19  # columns from the value's first to the last digit of a number
COMPONENT_COLUMN, DEFAULT_COLUMN = 74, 53
SHORT_NAME = 8
MESSAGE_ROW = 2  # from below
NO_DESCRIPTION = "Description not available"
QUALIFIED = "|THIS PARAMETER HAS QUALIFIERS|"
NULL = "--   (null value)"


def broken(lines: Sequence[str], width: int) -> list[str]:
    """Lines cut hard at a width."""
    cut = []
    for line in lines:
        cut += [line[i : i + width] for i in range(0, len(line), width)] or [""]
    return cut


def value_lines(variable: Variable, number: int) -> list[str]:
    """The rows that show component ``number`` (from 1) of a value; none when it is not set."""
    if variable.type == NAME:
        if variable.reference is None:
            return []
        return [("+" if variable.defaulted else "") + variable.reference.name]
    if variable.count == 0 and number == 1:
        return [NULL]
    if number > variable.count:
        return []
    value = variable.values[number - 1]
    if variable.type == STRING:
        return broken([f'"{value}"'], VALUE_WIDTH)
    return [shown_real(value) if variable.type == REAL else str(value)]


@dataclass
class Entry:
    """A parameter or a subcommand, and its place.

    Attributes
    ----------
    page, start, end : page (0: not laid out yet), first row and row after the last, counted from the first row for entries
    top, bottom : first and last component that is visible
    heights : rows of each component
    """

    name: str
    description: list[str] | None = None
    variable: Variable | None = None
    default: bool = False
    page: int = 0
    start: int = 0
    end: int = 0
    top: int = 1
    bottom: int = 1
    heights: list[int] = field(default_factory=list)

    @property
    def components(self) -> int:
        """How many components a value may have."""
        return 1 if self.variable is None or self.variable.type == NAME else self.variable.maximum

    @property
    def qualified(self) -> bool:
        """Whether the parameter has qualifiers."""
        return self.variable is not None and self.variable.qualifiers is not None and len(self.variable.qualifiers) > 0

    @property
    def text(self) -> list[str]:
        """The description as it is drawn."""
        if self.description is None:
            return []
        return broken(self.description, DESCRIPTION_WIDTH)

    @property
    def value_height(self) -> int:
        """Rows kept free for the value."""
        variable = self.variable
        if variable is None:
            return 1
        if variable.type == STRING:
            return variable.maximum * ((variable.size + 1) // VALUE_WIDTH + 1)
        return self.components

    @property
    def height(self) -> int:
        """Rows of the entry."""
        return max(len(self.text) + self.qualified, self.value_height)

    def measure(self) -> None:
        """Find the heights of the components."""
        if self.variable is None:
            return
        if self.variable.type == NAME:
            self.heights = [1]
            return
        count = self.variable.count
        self.heights = [len(value_lines(self.variable, i)) if i <= count else 1 for i in range(1, self.components + 1)]


@dataclass
class Heading:
    """What stands above the entries.

    Attributes
    ----------
    tag, left : of the first row, as ``Tutor`` and ``proc "gen" library "."``
    title : lines of the title
    kind : ``parm``, ``qual`` or ``subcommand``
    nothing : text for a command without parameters
    """

    tag: str
    left: str
    title: Sequence[str] = ()
    kind: str = "parm"
    nothing: str = ""


class Book:
    """All pages of one display.

    Parameters
    ----------
    rows, columns : size of the terminal
    compressed : without the rows left blank for looks
    first_row : row of the first entry, when it is not just below the labels
    """

    def __init__(
        self,
        heading: Heading,
        entries: Sequence[Entry],
        rows: int,
        columns: int,
        compressed: bool = False,
        first_row: int = 0,
    ) -> None:
        self.heading = heading
        self.entries = list(entries)
        self.rows, self.columns = rows, columns
        self.spacing = 0 if compressed else 1
        self.title_row = 2 + self.spacing
        self.first_row = first_row or self.title_row + len(heading.title) + 2 * self.spacing + 2
        self.page = 1
        self.last = 0
        self.complete = False  # whether every page was come to

    # --- laying out

    def _lay_out(self, index: int, page: int) -> None:
        """Put entries on a page, from one on, until it is full (``bldvhlp``)."""
        room = self.rows - (MESSAGE_ROW + 1 + self.first_row - 1 + self.spacing)
        used, full = 0, False
        start = index
        while index < len(self.entries):
            entry = self.entries[index]
            begin = used + (self.spacing if used else 0)
            used = begin + (entry.height if entry.variable is not None else max(len(entry.text), 1))
            if used > room and index > start:
                full = True
                break
            entry.page, entry.start, entry.end = page, begin, used
            entry.measure()
            self.reveal(index, 1, exactly=True)
            following = self.entries[index + 1] if index + 1 < len(self.entries) else None
            if used >= room or (following is not None and following.variable is not None and following.variable.page):
                full = True
                break
            index += 1
        if not full:
            self.last = page
        elif index == len(self.entries) - 1:
            self.last = self.entries[index].page

    def page_of(self, index: int) -> int:
        """The page of an entry; all pages before it are laid out on the way."""
        before = 0
        for at, entry in enumerate(self.entries[: index + 1]):
            if entry.page == 0:
                self._lay_out(at, before + 1)
            before = entry.page
        return before

    def settle(self) -> None:
        """Make ``page`` a page that exists (``dispbld``)."""
        if self.complete:
            self.page = min(self.page, self.last)
            return
        page = 0
        for index, entry in enumerate(self.entries):
            self.page_of(index)
            if entry.page == self.page:
                if index == len(self.entries) - 1:
                    self.last, self.complete = entry.page, True
                return
            page = entry.page
        self.last = self.page = page or 1
        self.complete = True

    def first_of(self, page: int) -> int:
        """The first entry of a page; of the last page when there are not so many (``get_parm1``)."""
        first, before = 0, -1
        for index in range(len(self.entries)):
            now = self.page_of(index)
            if now == page:
                return index
            if now != before:
                first = index
            before = now
        self.last = self.page = before or 1
        self.complete = True
        return first

    # --- the part of a long value that is visible

    def _bottom(self, entry: Entry) -> int:
        if entry.variable is None or entry.variable.type == NAME:
            return 1
        begin = self.first_row + entry.start
        end = self.rows - (MESSAGE_ROW + 1 + self.spacing)
        room, number = end - begin + 1, entry.top
        while number <= entry.components:
            room -= entry.heights[number - 1]
            if room < 0:
                break
            number += 1
        return number - 1

    def reveal(self, index: int, number: int, exactly: bool = False) -> None:
        """Move the visible part of a value so that a component is in it; ``exactly``: at its top if possible."""
        entry = self.entries[index]
        if entry.variable is None or not entry.heights:
            return
        entry.top = 1
        entry.bottom = self._bottom(entry)
        while entry.bottom < entry.components and (entry.top != number if exactly else entry.bottom < number):
            entry.top += 1
            entry.bottom = self._bottom(entry)

    def visible(self, index: int, number: int) -> bool:
        """Whether a component can be seen now."""
        entry = self.entries[index]
        return entry.page == self.page and entry.top <= number <= entry.bottom

    def changed(self, index: int, number: int) -> None:
        """A value was set, as a whole (``number`` 0) or one component of it: adjust what is visible."""
        entry = self.entries[index]
        here = entry.page == self.page and entry.page > 0
        self.page_of(index)
        if here and entry.top <= number <= entry.bottom:
            height = len(value_lines(entry.variable, number)) if entry.variable is not None else 1
            if height != entry.heights[number - 1]:
                entry.heights[number - 1] = height
                entry.bottom = self._bottom(entry)
                if entry.bottom < number:
                    self.reveal(index, number)
            return
        if here:
            entry.measure()
        self.reveal(index, number or 1, exactly=True)

    # --- drawing

    def strokes(self) -> list[Stroke]:
        """The page, on an empty screen."""
        heading = self.heading
        strokes = [Stroke(self.title_row + i, 1, line) for i, line in enumerate(heading.title)]
        shown = [i for i, entry in enumerate(self.entries) if entry.page == self.page]
        strokes += header(heading.tag, heading.left, self.page, self.page == self.last, self.columns)
        row = self.title_row + len(heading.title) + self.spacing
        if not shown:
            return strokes + self._nothing(row)
        strokes += self._labels(row)
        for index in shown:
            strokes += self._entry(index)
        return strokes

    def _nothing(self, row: int) -> list[Stroke]:
        row += (self.rows - 1 - row) // 2
        run = "Type RUN to execute."
        text = self.heading.nothing
        return [
            Stroke(row, max((self.columns - len(text)) // 2, 1), text),
            Stroke(row + 2, (self.columns - len(run) - 1) // 2, run),
        ]

    def _labels(self, row: int) -> list[Stroke]:
        kind = self.heading.kind
        labels = [(NAME_HEAD, kind)]
        if kind == "subcommand":
            labels.append((SUBCOMMAND_HEAD, "description"))
        else:
            labels += [(VALUE_HEAD, "value"), (DESCRIPTION_HEAD, "description")]
        below = [Stroke(row + 1, column, "-" * len(label)) for column, label in labels]
        return [Stroke(row, column, label) for column, label in labels] + below

    def _entry(self, index: int) -> list[Stroke]:
        entry = self.entries[index]
        row = self.first_row + entry.start
        if entry.variable is None:
            strokes = [Stroke(row, NAME_COLUMN, entry.name)]
            strokes += [Stroke(row + i, SUBCOMMAND_COLUMN, line) for i, line in enumerate(entry.text)]
            if entry.default:
                strokes.append(Stroke(row, DEFAULT_COLUMN, "**DEFAULT**"))
            return strokes
        strokes = [Stroke(row, NAME_COLUMN, entry.name[:SHORT_NAME])]
        text = entry.text
        if entry.description is None and not entry.qualified:
            text = [NO_DESCRIPTION]
        strokes += [Stroke(row + i, DESCRIPTION_COLUMN, line) for i, line in enumerate(text)]
        if entry.qualified:
            strokes.append(Stroke(row + len(entry.text), DESCRIPTION_COLUMN, QUALIFIED))
        return strokes + self.value_strokes(index)

    def value_strokes(self, index: int) -> list[Stroke]:
        """The value of an entry, with everything behind it wiped first."""
        entry = self.entries[index]
        variable = entry.variable
        if variable is None:
            return []
        row = self.first_row + entry.start
        wiped = min(entry.value_height, max(self.rows - MESSAGE_ROW - row, 0))
        strokes = [Stroke(row + i, VALUE_COLUMN, None) for i in range(wiped)]
        if entry.components > 1:
            at = row
            for number in range(entry.top, entry.bottom + 1):
                end = ""
                if number == entry.bottom:
                    end = "." if number == variable.maximum else "+"
                strokes.append(Stroke(at, COMPONENT_COLUMN, f"({number}){end}"))
                at += entry.heights[number - 1]
        lines = [line for n in range(entry.top, entry.bottom + 1) for line in value_lines(variable, n)]
        for i, line in enumerate(lines):
            column = VALUE_COLUMN if variable.type == STRING else VALUE_COLUMN + NUMBER_END - len(line) + 1
            strokes.append(Stroke(row + i, column, line))
        return strokes

    def marked(self, index: int, number: int, on: bool) -> list[Stroke]:
        """A parameter's name and one component of its value, in reverse or not."""
        entry = self.entries[index]
        variable = entry.variable
        if variable is None:
            return []
        row = self.first_row + entry.start
        strokes = [Stroke(row, NAME_COLUMN, entry.name[:SHORT_NAME].ljust(SHORT_NAME), on)]
        row += sum(entry.heights[entry.top - 1 : number - 1])
        if variable.type == NAME:
            filled = variable.reference is not None
        else:
            filled = number <= variable.count or (variable.count == 0 and number == 1)
        if not filled:
            return [*strokes, Stroke(row, VALUE_COLUMN, " " * VALUE_WIDTH, on)]
        for i, line in enumerate(value_lines(variable, number)):
            if variable.type == STRING:
                strokes.append(Stroke(row + i, VALUE_COLUMN, line.ljust(VALUE_WIDTH), on))
            else:
                strokes.append(Stroke(row + i, VALUE_COLUMN + 2, line.rjust(NUMBER_END - 1), on))
        return strokes
