"""Commands that edit the cells of a table, as EDIBIS has them. Source: ``vos/p2/prog/edibis`` (Fortran)."""

from __future__ import annotations

import numpy as np

from programs.ibis._cellvalues import (
    LONGEST_ARGUMENT,
    TRIALS,
    CommandError,
    ReadError,
    display_width,
    kind_of_format,
    read_position,
    read_value,
    shown_as,
    unknown,
)  # fmt: skip
from vicar.numerics import fortran

BUFFER_ROWS, BUFFER_COLUMNS, SCREEN_ROWS = 256, 40, 18
HALF, QUARTER = 128, 64
LONGEST_TEXT = 64
KINDS = {"REAL": np.dtype("<f4"), "FULL": np.dtype("<i4"), "DOUB": np.dtype("<f8"), "COMP": np.dtype("<c8")}
LARGE = {"REAL": 1.6e38, "FULL": 2147483647, "DOUB": 1.6e38, "COMP": 1.6e38}
NO_MATCH = "??E -STRING NOT FOUND"


class Editor:
    """Place in the table, the buffered columns, the cell cut last and the values searched for.

    row, column : the current cell.
    kinds       : how the cells of each column are taken: REAL FULL DOUB COMP or A4 A16 A32 A64.
    shown       : Fortran formats of the columns.
    """

    def __init__(self, table, given: str, read_only: bool, batch: bool, screen: int, formats: list[str] | None = None):
        self.table, self.read_only, self.batch, self.screen = table, read_only, batch, screen
        self.row = self.column = self.top = self.left = 1
        self.rows_shown = self.columns_shown = 1
        self.first_row = self.first_column = 1
        self.forward = True
        self.saved = bytes(LONGEST_TEXT)
        self.lowest: bytes = bytes(LONGEST_TEXT)
        self.highest: bytes = bytes(LONGEST_TEXT)
        self.searching = False
        self.command, self.argument, self.length = "", "", 0
        self.buffers: dict[int, np.ndarray] = {}
        self.changed: set[int] = set()
        if table.old:
            kind, format = kind_of_format(given)
            self.kinds, self.shown = [kind] * table.nc, [format] * table.nc
            self.user = list(table.formats)
        else:
            self.kinds, self.shown = map(list, zip(*map(shown_as, formats or table.formats), strict=True))
            self.user = [shown_as(format)[0] for format in table.formats]
        self.fill()

    # ---------------------------------------------------------------- buffer
    def width(self, column: int) -> int:
        kind = self.kinds[column - 1]
        return int(kind[1:]) if kind[0] == "A" else KINDS[kind].itemsize

    def _rows(self) -> int:
        return min(BUFFER_ROWS, self.table.nr + 1 - self.first_row)

    def fetch(self, column: int, first: int, count: int) -> np.ndarray:
        """Cells as they lie in memory, rows x bytes."""
        user = self.user[column - 1]
        if user[0] != "A":
            values = self.table.read(column, user, first, count)
            return np.ascontiguousarray(values).view(np.uint8).reshape(count, -1).copy()
        width = int(user[1:])
        texts = [cell[:width].ljust(width) for cell in self.table.read(column, None, first, count).tolist()]
        return np.frombuffer(b"".join(texts), np.uint8).reshape(count, width).copy()

    def read_column(self, column: int) -> None:
        if column > self.table.nc:
            return
        cells = self.fetch(column, self.first_row, self._rows()).reshape(-1)
        self.buffers.setdefault(column, np.zeros(BUFFER_ROWS * LONGEST_TEXT, np.uint8))[: len(cells)] = cells
        self.changed.discard(column)

    def write_column(self, column: int) -> None:
        if self.read_only or column not in self.changed:
            return
        user = self.user[column - 1]
        size = int(user[1:]) if user[0] == "A" else KINDS[user].itemsize
        cells = self.buffers[column][: self._rows() * size]
        if user[0] == "A":
            values = np.array([row.tobytes().rstrip(b" ") for row in cells.reshape(-1, size)], dtype=object)
        else:
            values = cells.view(KINDS[user])
        self.table.write(column, values, self.first_row)

    def visible(self) -> range:
        return range(self.left, self.left + self.columns_shown)

    def fill(self) -> None:
        for column in self.visible():
            self.read_column(column)

    def write_out(self) -> None:
        for column in self.visible():
            self.write_column(column)

    def _place_buffer(self, row: int) -> None:
        first = HALF * int((row - QUARTER) / HALF) + 1
        self.first_row = max(min(first, HALF * int((self.table.nr - HALF - 1) / HALF) + 1), 1)

    def show_row(self, row: int) -> None:
        """Make sure that the rows from ``row`` on are in the buffer."""
        if row < self.first_row or row + self.rows_shown > self.first_row + BUFFER_ROWS - 1:
            self.write_out()
            self._place_buffer(row)
            self.fill()

    def show_column(self, column: int) -> None:
        outside = column < self.first_column or column + self.columns_shown > self.first_column + BUFFER_COLUMNS
        if outside:
            self.write_out()
        self.left = column
        if outside:
            step = BUFFER_COLUMNS // 2
            first = step * ((column - 1) // step) + 1
            self.first_column = max(min(first, step * int((self.table.nc - step) / step) + 1), 1)
            self.fill()

    def cell(self, row: int | None = None, column: int | None = None) -> np.ndarray:
        """Bytes of a cell, to read or change: where its kind makes it lie."""
        column = column or self.column
        size = self.width(column)
        start = ((row or self.row) - self.first_row) * size
        return self.buffers[column][start : start + size]

    def value(self, row: int, column: int):
        """A cell as a number or text."""
        kind, data = self.kinds[column - 1], self.cell(row, column).tobytes()
        return data.decode("latin-1") if kind[0] == "A" else np.frombuffer(data, KINDS[kind])[0]

    # ---------------------------------------------------------------- commands
    def run(self, line: str) -> bool:
        """Do a command; True if it ends the edit."""
        if self.interpret(line):
            number = 0
            if self.length > 0:
                try:
                    number = int(read_value(self.argument[: self.length], "FULL", 0))
                except ReadError:
                    number = 0
            return self.perform(number)
        return False

    def interpret(self, line: str) -> bool:
        """Take a line apart: position, which is gone to, command and argument. False if there is nothing to do."""
        text = line.rstrip(" ")
        at = len(text) - len(text.lstrip(" "))
        if text[at : at + 1] == "(":
            end = text.find(")", at)
            row, column = read_position(text[at : end if end >= 0 else len(text)])
            if end < 0:
                raise CommandError(*unknown(line))
            if column > 0:
                self.go_to_column(column)
            if row > 0:
                self.go_to_row(row)
            if end == len(text) - 1:
                return bool(self.command)
            at = end + 1
        words = text[at:].lstrip(" ")
        name, _, rest = words.partition(" ")
        argument = rest.lstrip(" ")
        self.length = len(argument)
        if argument:
            self.argument = argument[:LONGEST_ARGUMENT].ljust(LONGEST_ARGUMENT)
        short = words[:3].ljust(3).upper()
        if short not in COMMANDS:
            self.command = ""
            raise CommandError(*unknown(line))
        self.command = COMMANDS[short]
        if short in ("FWD", "BAC"):
            self.forward = short == "FWD"
        if self.command == "text":
            self.argument = " " * LONGEST_ARGUMENT
        if self.command == "search":
            if self.length:
                self.set_range(self.argument, self.length)
            if not self.searching:
                raise CommandError("NO SEARCH STRING SPECIFIED", fatal=False)
        return True

    def perform(self, number: int) -> bool:
        if self.command == "end":
            return True
        if self.command in ("row", "column"):
            if number > 0:
                (self.go_to_row if self.command == "row" else self.go_to_column)(number)
        elif self.command in ("delete", "insert"):
            (self.delete if self.command == "delete" else self.insert)(number)
        elif self.command in ("set", "text"):
            self.set_value(self.argument, self.length)
        elif self.command == "format":
            self.change_format(self.argument, self.length)
        else:
            getattr(self, self.command)()
        return False

    def go_to_row(self, number: int) -> None:
        self.row = min(max(number, 1), self.table.nr)
        if not self.top <= self.row <= self.top + self.rows_shown - 1:
            self.top = min(max(number, 1), self.table.nr - self.rows_shown + 1)
            self.show_row(self.top)

    def go_to_column(self, number: int) -> None:
        self.column = min(max(number, 1), self.table.nc)
        left = max(min(max(number, 1), self.table.nc - self.columns_shown + 1), 1)
        if not self.left <= self.column <= self.left + self.columns_shown - 1:
            self.write_out()
            self.show_column(left)
            self.read_column(self.column)
            if not self.batch:
                self.fill()
                self.count_columns()
                while self.column > self.left + self.columns_shown - 1:
                    self.write_out()
                    self.show_column(self.left + 1)
                    self.fill()
                    self.count_columns()

    def to_top(self) -> None:
        self.top = self.row = 1
        self.show_row(1)

    def to_bottom(self) -> None:
        self.top, self.row = self.table.nr - self.rows_shown + 1, self.table.nr
        self.show_row(self.top)

    def page_up(self) -> None:
        if self.top > 1:
            self.top = max(self.top - self.rows_shown, 1)
            self.show_row(self.top)
        self.row = self.top

    def page_down(self) -> None:
        last = self.table.nr - self.rows_shown + 1
        if self.top < last:
            self.row = self.top = min(self.top + self.rows_shown, last)
            self.show_row(self.top)
        else:
            self.row = self.table.nr

    def page_left(self) -> None:
        """One window to the left; at the left edge the first column."""
        if self.left > 1:
            self._page(max(self.left - self.columns_shown, 1))
        else:
            self.column = 1

    def page_right(self) -> None:
        if self.left < self.table.nc - self.columns_shown + 1:
            self._page(min(self.left + self.columns_shown, self.table.nc))
        else:
            self.column = self.table.nc

    def _page(self, left: int) -> None:
        self.write_out()
        self.show_column(left)
        self.column = left
        self.fill()
        self.count_columns()

    def widths(self) -> list[int]:
        return [display_width(format, kind) for format, kind in zip(self.shown, self.kinds, strict=True)]

    def count_columns(self) -> None:
        """How many columns fit on the screen from the left one on; those that come in are read."""
        edges = np.cumsum(self.widths()[self.left - 1 :])
        count = max(int((edges < self.screen).sum()), 1)
        for column in range(self.left + count, self.left + self.columns_shown):
            self.write_column(column)
        for column in range(self.left + self.columns_shown, self.left + count):
            self.read_column(column)
        self.columns_shown = count

    def delete(self, number: int) -> None:
        self._need_write()
        self.write_out()
        count = min(number, self.table.nr - self.row + 1) if number > 0 else 1
        if count == self.table.nr:
            raise CommandError("??E - A table cannot lose all its rows")
        self.table.delete_rows(self.row, count)
        self.rows_shown = min(SCREEN_ROWS, self.table.nr)
        self.row = min(self.row, self.table.nr)
        self.top = max(min(self.top, self.table.nr - self.rows_shown + 1), 1)
        self._place_buffer(self.top)
        self.fill()

    def insert(self, number: int) -> None:
        self._need_write()
        self.write_out()
        self.table.new_rows(max(number, 1), before=self.row)
        self.rows_shown = min(SCREEN_ROWS, self.table.nr)
        self._place_buffer(self.top)
        self.fill()

    def _need_write(self) -> None:
        if self.read_only:
            raise CommandError("File is Read-only!", fatal=False)

    def cut(self) -> None:
        self._need_write()
        cell, kind = self.cell(), self.kinds[self.column - 1]
        data = cell.tobytes()
        if kind == "A4":
            data = data.ljust(16)  # the original keeps it in a longer string
        self.saved = data + self.saved[len(data) :]
        cell[:] = 32 if kind[0] == "A" else 0
        self.changed.add(self.column)

    def paste(self) -> None:
        self._need_write()
        cell = self.cell()
        cell[:] = np.frombuffer(self.saved[: len(cell)], np.uint8)
        self.changed.add(self.column)

    def set_value(self, text: str, length: int) -> None:
        """Put a value into the cell; text that is no number changes nothing."""
        if not length:
            return
        self._need_write()
        cell, kind = self.cell(), self.kinds[self.column - 1]
        if kind[0] == "A":
            data = text[: min(length, len(cell))].encode("latin-1", "replace").ljust(len(cell))
        else:
            old = cell.tobytes()
            try:
                data = np.array(read_value(text, kind, np.frombuffer(old, KINDS[kind])[0]), KINDS[kind]).tobytes()
            except ReadError:
                return
        cell[:] = np.frombuffer(data, np.uint8)
        self.changed.add(self.column)

    def change_format(self, text: str, length: int) -> None:
        """Another format of the current column, of IBIS-1 tables only."""
        if not self.table.old or not length:
            return
        format = text[:32].rstrip()
        kind = None
        for letter in format.upper():
            kind = {"F": "REAL", "E": "REAL", "I": "FULL", "A": "A4"}.get(letter, kind)
        if kind is None:
            return
        self.table.set_format(self.column, "A3" if kind == "A4" else kind)
        self.user[self.column - 1] = kind
        try:
            fortran.edit(format, TRIALS[kind])
        except (ValueError, TypeError):
            return
        self.shown[self.column - 1], self.kinds[self.column - 1] = format, kind
        self.read_column(self.column)

    # ---------------------------------------------------------------- search
    def set_range(self, text: str, length: int) -> None:
        """What to search for: a value, or ``low:high`` where one may be missing. Raises `ReadError` interactively."""
        self.searching = True
        kind = self.kinds[self.column - 1]
        at = text[:length].find(":") + 1 or length + 1
        try:
            if at == 1:
                self.lowest = self._limit(kind, False)
            else:
                self.lowest = self._read_limit(text[: at - 1], kind, self.lowest)
            if at == length:
                self.highest = self._limit(kind, True)
            elif length - at < 1:
                self.highest = self.lowest
            else:
                self.highest = self._read_limit(text[at:], kind, self.highest)
        except ReadError:
            if not self.batch:
                raise

    @staticmethod
    def _limit(kind: str, high: bool) -> bytes:
        if kind[0] == "A":
            return (b"~" * int(kind[1:]) if high else b"").ljust(LONGEST_TEXT)
        return np.array(LARGE[kind] if high else -LARGE[kind], KINDS[kind]).tobytes().ljust(LONGEST_TEXT, b"\0")

    @staticmethod
    def _read_limit(text: str, kind: str, old: bytes) -> bytes:
        if kind[0] == "A":
            return text[: max(int(kind[1:]), 16)].encode("latin-1", "replace").ljust(LONGEST_TEXT)
        size = KINDS[kind].itemsize
        value = read_value(text, kind, np.frombuffer(old[:size], KINDS[kind])[0])
        return np.array(value, KINDS[kind]).tobytes() + old[size:]

    def search(self) -> None:
        self.write_out()
        step = 1 if self.forward else -1
        start = self.row + step
        rows = np.arange(start, self.table.nr + 1) if self.forward else np.arange(start, 0, -1)
        found = [] if not len(rows) else np.flatnonzero(self._inside()[rows - 1])
        if not len(found):
            raise CommandError(NO_MATCH)
        row = int(rows[found[0]])
        if not self.batch and not self.top <= row <= self.top + self.rows_shown - 1:
            self.top = min(max(1, row - self.rows_shown // 2), self.table.nr - self.rows_shown + 1)
            self.show_row(self.top)
        self.go_to_row(row)

    def _inside(self) -> np.ndarray:
        """Whether each row's cell of the current column lies in the range."""
        kind = self.kinds[self.column - 1]
        cells = self.fetch(self.column, 1, self.table.nr)
        if kind[0] == "A":
            low, high = (value.rstrip(b" ") for value in (self.lowest, self.highest))
            texts = [row.tobytes() for row in cells]
            above = [padded(text, low) >= padded(low, text) for text in texts]
            return np.array([good and padded(text, high) <= padded(high, text) for good, text in zip(above, texts, strict=True)])
        size = KINDS[kind].itemsize
        values = np.ascontiguousarray(cells).reshape(-1).view(KINDS[kind])
        low, high = (np.frombuffer(value[:size], KINDS[kind])[0] for value in (self.lowest, self.highest))
        if kind == "COMP":
            return values == low
        return ~((values > high) | (values < low))


COMMANDS = {
    "ROW": "row", "COL": "column", "FOR": "format", "DEL": "delete", "INS": "insert", "CUT": "cut", "FWD": "text",
    "BAC": "text", "JUM": "text", "PAS": "paste", "SET": "set", "EXI": "end", "TOP": "to_top", "BOT": "to_bottom",
    "LEF": "page_left", "RIG": "page_right", "SEA": "search",
}  # fmt: skip


def padded(text: bytes, other: bytes) -> bytes:
    return text.ljust(max(len(text), len(other)))
