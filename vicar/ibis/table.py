"""IBIS tables: rows and columns of numbers and text in a VICAR file, versions 1 and 2, read, edited and written.

Sources: ``vos/p1/sub/ibis2`` (``ibis_file.c``, ``ibis_col.c``, ``ibis_row.c``, ``mthd_labl_*.c``, ``mthd_file_*.c``).
Columns and rows count from 1. The label items are deleted and added again at each flush as the original does, so that
their order and the blanks between them come out the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vicar.errors import Abend, Quit, VicarError
from vicar.ibis import formats as fmt
from vicar.ibis import labelitems
from vicar.ibis.errors import IbisError
from vicar.ibis.groups import ANY, FORMAT, GROUP, LOCAL, UNIT, Column, Groups
from vicar.ibis.layout import Cells, Layout, OldTabularLayout

if TYPE_CHECKING:
    from vicar.image import Image

MAX_COLUMNS, MAX_OLD_COLUMNS = 1024, 100
OLD_HOST = ("VAX-VMS", "LOW", "VAX")


class Table:
    """One open IBIS file.

    Attributes
    ----------
    nr, nc : rows and columns.
    stated_rows : rows the label of an opened file tells of where they are less than none, else 0.
    org : "ROW" or "COLUMN".
    type : subtype (``TIEPOINT``, ``LOOKUP_TABLE`` ...), "" if none.
    version : "IBIS-1" or "IBIS-2".
    formats : format of each column.
    default_format : format of columns that are not told one.
    """

    def __init__(self, image: Image, mode: str, org: str, old: bool, final: Path | None = None):
        self.image = image
        self.name = image.name
        self.mode = mode
        self.org = org
        self.old = old
        self.type = ""
        self.stated_rows = 0
        self.default_format = "REAL"
        self.host, self.intfmt, self.realfmt = OLD_HOST if old else ("", "LOW", "RIEEE")
        self.groups = Groups()
        self._columns: list[Column] = []
        self._layout: Layout = Layout(0, [])
        self._cells = Cells()
        self._final = final
        self._label_changed = False
        self._data_changed = False
        self.closed = False

    # ---------------------------------------------------------------- what the table is
    @property
    def nr(self) -> int:
        return self._layout.rows

    @property
    def nc(self) -> int:
        return len(self._columns)

    @property
    def version(self) -> str:
        return "IBIS-1" if self.old else "IBIS-2"

    @property
    def formats(self) -> list[str]:
        return [column.format for column in self._columns]

    @property
    def blocks(self) -> int:
        """Lines the data takes (NLB of IBIS-2, NL of IBIS-1)."""
        return self._layout.blocks

    @property
    def segment(self) -> int:
        return self._layout.segment

    def __len__(self) -> int:
        return self.nr

    def _column(self, number: int, routine: str) -> Column:
        if not 0 < number <= self.nc:
            raise IbisError("NOSUCHCOL", routine, self.name)
        return self._columns[number - 1]

    def _number(self, column: Column) -> int:
        return next(n for n, c in enumerate(self._columns, start=1) if c is column)

    def _rows(self, first: int, count: int | None, routine: str) -> tuple[int, int]:
        first = max(first, 1)
        count = self.nr + 1 - first if not count or count < 0 else count
        if first + count - 1 > self.nr:
            raise IbisError("LASTROW", routine, self.name)
        return first, count

    def _writable(self, routine: str) -> None:
        if self.mode == "READ":
            raise IbisError("RDONLY", routine, self.name)

    def _place(self, number: int, first: int) -> tuple[int, int]:
        offset, stride = self._layout.place(number - 1)
        return offset + (first - 1) * stride, stride

    def _size(self, column: Column) -> int:
        return fmt.cell_size(column.format, self.old)

    # ---------------------------------------------------------------- cells
    def read(self, column: int, format: str | None = None, first: int = 1, count: int | None = None) -> np.ndarray:
        """Cells of a column (IBISColumnRead) in its own format, or converted to ``format``.

        Text gives an array of ``bytes``; `texts` gives Python strings. Raises NOSUCHCOL, LASTROW, CANTTRANS.
        """
        routine = "IBISColumnRead"
        described = self._column(column, routine)
        first, count = self._rows(first, count, routine)
        raw = self._cells.read(*self._place(column, first), count, self._size(described))
        return fmt.to_program(raw, described.format, format, self.intfmt, self.realfmt, routine)

    def texts(self, column: int, first: int = 1, count: int | None = None) -> list[str]:
        """Cells of a text column as strings."""
        return [v.decode("latin-1") for v in self.read(column, first=first, count=count).tolist()]

    def write(self, column: int, values, first: int = 1) -> None:
        """Write cells of a column from row ``first`` on (IBISColumnWrite), converted to its format."""
        routine = "IBISColumnWrite"
        described = self._column(column, routine)
        self._writable(routine)
        cells = fmt.to_file(np.atleast_1d(values), described.format, self.old, self.intfmt, self.realfmt, routine)
        if len(cells) == 0:
            return
        first, _ = self._rows(first, len(cells), routine)
        self._cells.write(*self._place(column, first), cells)
        self._data_changed = True

    def read_bytes(self, column: int, first: int = 1, count: int | None = None) -> np.ndarray:
        """Cells of a column as they lie in the file, rows x cell size (U_FORMAT NONE)."""
        described = self._column(column, "IBISColumnRead")
        first, count = self._rows(first, count, "IBISColumnRead")
        return self._cells.read(*self._place(column, first), count, self._size(described)).copy()

    def write_bytes(self, column: int, cells: np.ndarray, first: int = 1) -> None:
        """Write cells as bytes, rows x cell size: text that fills its cell to the end has no NUL behind it."""
        self._column(column, "IBISColumnWrite")
        self._writable("IBISColumnWrite")
        if len(cells):
            first, _ = self._rows(first, len(cells), "IBISColumnWrite")
            self._cells.write(*self._place(column, first), np.ascontiguousarray(cells))
            self._data_changed = True

    def array(self) -> np.ndarray:
        """The whole table as a structured array with fields ``C1``, ``C2`` ... (text as bytes)."""
        columns = [self.read(n) for n in range(1, self.nc + 1)]
        result = np.zeros(self.nr, [(f"C{n}", c.dtype) for n, c in enumerate(columns, start=1)])
        for n, values in enumerate(columns, start=1):
            result[f"C{n}"] = values
        return result

    def frame(self):
        """The whole table as a pandas frame (extra ``pandas``); text as ``str``, group names as column names."""
        import pandas

        data = {}
        for n, column in enumerate(self._columns, start=1):
            data[self._title(column, n)] = self.texts(n) if fmt.is_text(column.format) else self.read(n)
        return pandas.DataFrame(data)

    def _title(self, column: Column, number: int) -> str:
        names = [g.name for g in self.groups.kinds[GROUP] if any(c is column for c in g.columns) and len(g.columns) == 1]
        return names[0] if names else f"C{number}"

    # ---------------------------------------------------------------- columns and rows come and go
    def new_columns(self, count: int, format: str | None = None, before: int = 0, clear: bool = True) -> None:
        """Insert ``count`` columns before column ``before`` (0: behind the last). IBISColumnNew."""
        routine = "IBISColumnNew"
        self._writable(routine)
        at = before - 1 if 0 < before <= self.nc else self.nc
        if at + count > (MAX_OLD_COLUMNS if self.old else MAX_COLUMNS):
            raise IbisError("LIMEXCD", routine, self.name)
        name = fmt.normal(format or self.default_format, routine)
        self._columns[at:at] = [Column(name) for _ in range(count)]
        for column in self._columns[at : at + count]:
            self.groups.attach(FORMAT, fmt.group_name(name), column)
        if self._layout.insert(self._cells, at, count, fmt.cell_size(name, self.old)):
            self._install_blocks()
        self._label_changed = True
        if clear:
            for number in range(at + 1, at + count + 1):
                self._cells.clear(*self._place(number, 1), self.nr, fmt.cell_size(name, self.old))
            self._data_changed = True

    def delete_columns(self, first: int, count: int = 1) -> None:
        """IBISColumnDelete."""
        routine = "IBISColumnDelete"
        self._column(first, routine)
        self._column(first + count - 1, routine)
        self._writable(routine)
        changed = self._layout.remove(self._cells, first - 1, count)
        for column in self._columns[first - 1 : first - 1 + count]:
            self.groups.forget(column)
        del self._columns[first - 1 : first - 1 + count]
        if changed:
            self._install_blocks()
        self._label_changed = self._data_changed = True

    def set_format(self, column: int, format: str) -> None:
        """Change a column's format (IBISColumnSet FORMAT); the bytes of its cells stay as they are.

        A larger format moves the column to a new place, as in the original.
        """
        routine = "IBISColumnSet"
        described = self._column(column, routine)
        new = fmt.normal(format, routine)
        if new == described.format:
            return
        old_size, new_size = self._size(described), fmt.cell_size(new, self.old)
        if new_size <= old_size or (self.old and new_size <= 4):
            for group in self.groups.kinds[FORMAT]:
                group.discard(described)
            described.format = new
            self.groups.attach(FORMAT, fmt.group_name(new), described)
            if not self.old:
                self._layout.resize(column - 1, new_size)
        elif self.old:
            raise IbisError("OLDIBIS", routine, self.name)
        else:
            self._relocate(column, new)
        if self.mode != "READ":
            self._label_changed = True

    def _relocate(self, column: int, format: str) -> None:
        raw = self._cells.read(*self._place(column, 1), self.nr, self._size(self._columns[column - 1])).copy()
        member = [(kind, g.name) for kind in (GROUP, LOCAL, UNIT) for g in self.groups.kinds[kind]
                  if any(c is self._columns[column - 1] for c in g.columns)]  # fmt: skip
        self.new_columns(1, format, before=column)
        for kind, name in member:
            self.groups.attach(kind, name, self._columns[column - 1])
        data = raw.reshape(-1)
        size = self._size(self._columns[column - 1])
        data = np.concatenate((data, np.zeros(size * self.nr - len(data), np.uint8)))
        self._cells.write(*self._place(column, 1), data.reshape(self.nr, size))
        self.delete_columns(column + 1)

    def new_rows(self, count: int, before: int = 0) -> None:
        """Insert ``count`` empty rows before row ``before`` (0: behind the last). IBISRowNew."""
        self._writable("IBISRowNew")
        at = before or self.nr + 1
        if self._layout.add_rows(self._cells, count):
            self._install_blocks()
        for number, column in enumerate(self._columns, start=1):
            size = self._size(column)
            if at <= self.nr:
                tail = self._cells.read(*self._place(number, at), self.nr + 1 - at, size).copy()
                self._cells.write(*self._place(number, at + count), tail)
            self._cells.clear(*self._place(number, at), count, size)
        self._layout.rows += count
        self._label_changed = self._data_changed = True

    def delete_rows(self, first: int, count: int = 1) -> None:
        """IBISRowDelete."""
        self._writable("IBISRowDelete")
        for number, column in enumerate(self._columns, start=1):
            left = self.nr + 1 - (first + count)
            if left > 0:
                tail = self._cells.read(*self._place(number, first + count), left, self._size(column)).copy()
                self._cells.write(*self._place(number, first), tail)
        changed = self._layout.drop_rows(self._cells, count)
        self._layout.rows -= count
        if changed:
            self._install_blocks()
        self._label_changed = self._data_changed = True

    def set_length(self, rows: int) -> None:
        """IBISFileSet NR."""
        if rows > self.nr:
            self.new_rows(rows - self.nr)
        elif rows < self.nr:
            self.delete_rows(rows + 1, self.nr - rows)

    def set_width(self, columns: int) -> None:
        """IBISFileSet NC."""
        if columns > self.nc:
            self.new_columns(columns - self.nc)
        elif columns < self.nc:
            self.delete_columns(columns + 1, self.nc - columns)

    # ---------------------------------------------------------------- groups
    def find(self, expression: str, kind: str = ANY) -> list[int]:
        """Numbers of the columns in a group, or of an expression over groups (IBISColumnFind)."""
        return [self._number(c) for c in self.groups.select(kind, expression)]

    def group_names(self, kind: str = GROUP) -> list[str]:
        return self.groups.names(kind)

    def groups_of(self, column: int, kind: str = GROUP) -> list[str]:
        """Names of the groups a column belongs to (IBISGroupFind)."""
        described = self._column(column, "IBISGroupFind")
        return [g.name for g in self.groups.kinds[kind] if any(c is described for c in g.columns)]

    def new_group(self, name: str, columns: Sequence[int], kind: str = GROUP) -> None:
        """IBISGroupNew."""
        members = [self._column(n, "IBISGroupNew") for n in columns]
        self.groups.new(kind, name, members)
        self._label_changed |= kind != LOCAL

    def delete_group(self, name: str, kind: str = GROUP) -> None:
        """IBISGroupDelete."""
        self.groups.delete(kind, name)
        self._label_changed |= kind != LOCAL

    def set_type(self, type: str) -> None:
        """Subtype of the table (IBISFileSet TYPE)."""
        self._writable("IBISFileSet")
        self.type = type[:32]
        self._label_changed = True

    # ---------------------------------------------------------------- end
    def flush(self) -> None:
        """Write the label items that describe the table."""
        if not self.old:
            labelitems.describe(self)
            self._install_blocks()
            labelitems.describe_numbers(self)
            return
        if isinstance(self._layout, OldTabularLayout):
            count = fmt.to_file([self.nr], "FULL", True, self.intfmt, self.realfmt, "IBISFileClose")
            self._cells.write(0, 4, count)
        self._install_blocks()

    def _install_blocks(self) -> None:
        if not self.old and self.image.nl > 0:
            raise IbisError("IMAGEDAT", "IBISFileSet", self.name)
        labelitems.replace(self.image, self._layout.block_label, self._layout.blocks, "INT")

    def close(self) -> None:
        """IBISFileClose: write label and cells; a new table appears under its name only now."""
        if self.closed:
            return
        try:
            if self.mode != "READ":
                if self._label_changed:
                    self.flush()
                if self._data_changed or self._label_changed:
                    self._store_cells()
            self.image.close()
            if self._final is not None:
                os.replace(self.image.path, self._final)
        except OSError as error:
            self.discard()
            raise VicarError.host(error, "IBISFileClose", self.name) from error
        except BaseException:
            self.discard()
            raise
        self.closed = True

    def _store_cells(self) -> None:
        """Put the cells where the blocks lie: a block may be shorter than a record."""
        layout, image = self._layout, self.image
        self._cells.reserve(layout.blocks * layout.blocksize)
        blocks = self._cells.data[: layout.blocks * layout.blocksize].reshape(layout.blocks, layout.blocksize)
        if self.old:
            image.write_window(blocks)
            return
        if layout.blocksize < image.recsize:
            blocks = np.pad(blocks, ((0, 0), (0, image.recsize - layout.blocksize)))
        image.write_binary_header(blocks)

    def discard(self) -> None:
        """Forget a new table; what existed under its name stays. Changes of an update are not written."""
        if not self.closed:
            self.closed = True
            self.image.discard()
            if self._final is not None:
                self.image.path.unlink(missing_ok=True)

    def __enter__(self) -> Table:
        return self

    def __exit__(self, kind, value, trace) -> None:
        if kind is None or issubclass(kind, (Abend, Quit, VicarError)):
            self.close()
        else:
            self.discard()

    def __repr__(self) -> str:
        return f"<Table {self.name} {self.version} {self.org} {self.nr}x{self.nc}>"
