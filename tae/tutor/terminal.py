"""What the displays need of a terminal, and the keys they know.

The displays are drawn with four strokes: clear, put a text, clear to the end of a row, write on at the cursor. Who carries
them out (a real terminal, a recorder in a test) is no business of theirs.

Source of the facts: ``lib/tae/terminal.np.c``, ``pos_scroll`` and its kin (``tm/tmutil.c``), ``include/tminc.inc``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

LEAST_ROWS, LEAST_COLUMNS = 24, 80

# Keys are told as one character, or as one of these names.
UP, DOWN, LEFT, RIGHT = "UP", "DOWN", "LEFT", "RIGHT"
PF1, PF2, PF3, PF4 = "PF1", "PF2", "PF3", "PF4"
HOME, END, DELETE = "HOME", "END", "DELETE"
ESCAPE_TWICE = "ESCAPE-TWICE"
UNKNOWN = "UNKNOWN"
INTERRUPT = "INTERRUPT"  # control-C
RESIZED = "RESIZED"  # the terminal has got another size
CLOSED = ""  # nothing more can be read

ERROR_ROW, COMMAND_ROW = 2, 1  # counted from the last row up


@dataclass(frozen=True)
class Stroke:
    """A text at a place; rows and columns count from 1. ``text`` None clears from the column to the end of the row."""

    row: int
    column: int
    text: str | None
    reverse: bool = False


class Resized(Exception):
    """The terminal changed its size while a line was read; ``text`` is what had been typed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Closed(Exception):
    """Nothing more can be read from the terminal."""


class Terminal(Protocol):
    """A terminal with a cursor that can be put anywhere.

    Attributes
    ----------
    rows, columns : the size now
    slip : columns by which the original misses when a line is edited at the prompt
    writes : how often something was shown (the menu asks whether anything was)
    """

    rows: int
    columns: int
    slip: int
    writes: int

    def clear(self) -> None:
        """Empty the screen."""

    def put(self, row: int, column: int, text: str, reverse: bool = False) -> None:
        """Write a text at a place."""

    def clear_row(self, row: int, column: int) -> None:
        """Blank from a column to the end of its row."""

    def write(self, text: str, reverse: bool = False) -> None:
        """Write where the cursor is."""

    def move(self, row: int, column: int) -> None:
        """Put the cursor somewhere; row 0 is the row where it is."""

    def shift(self, rows: int) -> None:
        """Move the cursor down, or up for a negative number."""

    def clear_below(self) -> None:
        """Blank everything from the cursor on."""

    def bell(self) -> None:
        """Sound the bell."""

    def key(self) -> str:
        """The next key."""


def show(terminal: Terminal, strokes: Iterable[Stroke]) -> None:
    """Carry out strokes in their order."""
    for stroke in strokes:
        if stroke.text is None:
            terminal.clear_row(stroke.row, stroke.column)
        else:
            terminal.put(stroke.row, stroke.column, stroke.text, stroke.reverse)


def scroll_out(terminal: Terminal) -> None:
    """Leave a display: whatever comes next is written below it."""
    terminal.move(terminal.rows, 1)
    terminal.write("\n")


def header(name: str, left: str, page: int, last: bool, columns: int) -> list[Stroke]:
    """The first row: what is displayed, of what, and the page."""
    strokes = []
    column = 1
    if name:
        strokes.append(Stroke(1, 1, name + ":", True))
        column = len(name) + 3
    page_column = columns - 5
    room = page_column - 1 - (column - 1)
    if len(left) > room:
        left = left[: max(room - 4, 0)] + "..."
    strokes.append(Stroke(1, column, left))
    if page > 0:
        strokes.append(Stroke(1, page_column, f"Pg {page}{'.' if last else '+'}"))
    return strokes


def message(terminal: Terminal, text: str) -> None:
    """A message in the row for messages."""
    terminal.put(terminal.rows - ERROR_ROW, 1, text)


def clear_message(terminal: Terminal) -> None:
    """Take the message away."""
    terminal.clear_row(terminal.rows - ERROR_ROW, 1)
