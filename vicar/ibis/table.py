"""IBIS tables: rows and columns of numbers and text in a VICAR file, versions 1 and 2, read, edited and written.

Sources: ``vos/p1/sub/ibis2`` (``ibis_file.c``, ``ibis_col.c``, ``ibis_row.c``, ``mthd_labl_*.c``, ``mthd_file_*.c``).
Columns and rows count from 1. The label items are deleted and added again at each flush as the original does, so that
their order and the blanks between them come out the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vicar.errors import Abend, Quit, VicarError
from vicar.ibis import formats as fmt
from vicar.ibis.errors import IbisError, ReportedError
from vicar.ibis.groups import ANY, FORMAT, GROUP, LOCAL, UNIT, Column, Groups
from vicar.ibis.layout import LINE, Cells, ColumnLayout, GraphicsLayout, Layout, OldTabularLayout, RowLayout

if TYPE_CHECKING:
    from vicar.image import Image

PROPERTY = "IBIS"
MAX_COLUMNS, MAX_OLD_COLUMNS = 1024, 100
HOST_LENGTH = 10
OLD_HOST = ("VAX-VMS", "LOW", "VAX")
FORMAT_ITEMS = ("BYTE", "HALF", "FULL", "REAL", "DOUB", "COMP", "ASCII")


class Table:
    """One open IBIS file.

    Attributes
    ----------
    nr, nc : rows and columns.
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

    # ---------------------------------------------------------------- label
    def _install_blocks(self) -> None:
        key = self._layout.block_label
        if not self.old and self.image.nl > 0:
            raise IbisError("IMAGEDAT", "IBISFileSet", self.name)
        _replace(self.image, key, self._layout.blocks, "INT")

    def _put(self, key: str, value, format: str) -> None:
        label = self.image.label
        if label.has(key, property=PROPERTY):
            label.delete(key, property=PROPERTY)
        label.add(key, value, property=PROPERTY, format=format)

    def flush(self) -> None:
        """Write the label items that describe the table."""
        if self.old:
            if isinstance(self._layout, OldTabularLayout):
                count = fmt.to_file([self.nr], "FULL", True, self.intfmt, self.realfmt, "IBISFileClose")
                self._cells.write(0, 4, count)
            _replace(self.image, "NL", self._layout.blocks, "INT")
            return
        label = self.image.label
        for key in ("TYPE", *(f"FMT_{name}" for name in FORMAT_ITEMS)):
            if label.has(key, property=PROPERTY):
                label.delete(key, property=PROPERTY)
        if self.type.strip():
            self._put("TYPE", self.type, "STRING")
        self._put("NR", self.nr, "INT")
        self._put("NC", self.nc, "INT")
        self._put("ORG", self.org, "STRING")
        self._put("FMT_DEFAULT", self.default_format, "STRING")
        self._put_formats()
        self._put_groups(GROUP)
        self._put_groups(UNIT)
        self._put("SEGMENT", self._layout.segment, "INT")
        self._put("BLOCKSIZE", self._layout.blocksize, "INT")
        if self._layout.offsets:
            self._put("COFFSET", list(self._layout.offsets), "INT")
        self._install_blocks()
        for key, value in (("BHOST", self.host), ("BINTFMT", self.intfmt), ("BREALFMT", self.realfmt), ("BLTYPE", "IBIS")):
            _replace(self.image, key, value, "STRING")

    def _put_formats(self) -> None:
        default = fmt.group_name(self.default_format)
        names = [g.name for g in self.groups.kinds[FORMAT] if g.name != self.default_format]
        for name in [*names, self.default_format]:
            group = self.groups.find(FORMAT, name if name != self.default_format else default)
            columns = [c for c in group.columns if name != "ASCII" or c.format != self.default_format] if group else []
            if not columns:
                continue
            if name != self.default_format:
                self._put(f"FMT_{name}", [self._number(c) for c in columns], "INT")
            if name == "ASCII":
                self._put("ASCII_LEN", [fmt.text_length(c.format) for c in columns], "INT")

    def _put_groups(self, kind: str) -> None:
        label, listed, prefix = self.image.label, f"{kind.upper()}S", f"{kind.upper()}_"
        if label.has(listed, property=PROPERTY):
            label.delete(listed, property=PROPERTY)
        old = sum(key.upper().startswith(prefix) for key, _ in label.items(property=PROPERTY))
        for number in range(1, old + 1):
            if not label.has(f"{prefix}{number}", property=PROPERTY):
                break
            label.delete(f"{prefix}{number}", property=PROPERTY)
        groups = [g for g in self.groups.kinds[kind]]
        if not groups:
            return
        label.add(listed, [g.name for g in groups], property=PROPERTY, format="STRING")
        for number, group in enumerate(groups, start=1):
            if group.columns:
                self._put(f"{prefix}{number}", [self._number(c) for c in group.columns], "INT")

    # ---------------------------------------------------------------- end
    def close(self) -> None:
        """IBISFileClose: write label and cells; a new table appears under its name only now."""
        if self.closed:
            return
        self.closed = True
        if self.mode != "READ":
            if self._label_changed:
                self.flush()
            if self._data_changed or self._label_changed:
                self._store_cells()
        self.image.close()
        if self._final is not None:
            os.replace(self.image.path, self._final)

    def _store_cells(self) -> None:
        """Put the cells where the blocks lie: a block may be shorter than a record."""
        layout, image = self._layout, self.image
        self._cells.reserve(layout.blocks * layout.blocksize)
        blocks = self._cells.data[: layout.blocks * layout.blocksize].reshape(layout.blocks, layout.blocksize)
        if self.old:
            image.write_window(blocks)
            return
        lines = np.zeros((layout.blocks, image.recsize), np.uint8)
        lines[:, : layout.blocksize] = blocks
        image.write_binary_header(lines)

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


def _replace(image: Image, key: str, value, format: str) -> None:
    """Delete and add a system item, as the original's flush does."""
    if image.label.has(key):
        image.label.delete(key)
    image.label.add(key, value, format=format)


def open_table(path, mode: str = "READ", *, name: str | None = None, nc: int = 0, host: tuple[str, str, str] | None = None,
               formats: Iterable[str] | None = None) -> Table:
    """Open an IBIS file (IBISFileOpen with READ or UPDATE).

    ``nc`` is the number of columns of a GRAPHICS-1 file, which does not say it itself; giving it makes an IBIS-1 file be
    read as one. ``host`` (name, INTFMT, REALFMT) overrides the VAX that IBIS-1 files are taken to come from; ``formats``
    sets the formats of the columns of an IBIS-1 file. Raises `VicarError`, NOTIBIS.
    """
    from vicar.image import open_image

    try:
        image = open_image(path, mode.upper(), name=name, binary=True)
    except VicarError as error:
        raise ReportedError(error, "IBISFileUnit") from error
    try:
        if image.label.get("NC", property=PROPERTY, format="INT", default=0):
            table = _open_new(image, mode.upper())
        else:
            image.discard()
            image = open_image(path, mode.upper(), name=name, convert=False)
            table = _open_old(image, mode.upper(), nc, host)
    except BaseException:
        image.discard()
        raise
    for column, format in enumerate(formats or (), start=1):
        table.set_format(column, format)
    return table


def _open_new(image: Image, mode: str) -> Table:
    label = image.label

    def item(key: str, format: str = "INT", default=None):
        return label.get(key, property=PROPERTY, format=format, default=default)

    org = str(item("ORG", "STRING", "COLUMN")).upper()
    table = Table(image, mode, "ROW" if org == "ROW" else "COLUMN", old=False)
    table.type = item("TYPE", "STRING", "")
    table.default_format = fmt.normal(str(item("FMT_DEFAULT", "STRING", "REAL")), "IBISFileUnitOpen")
    table.host, table.intfmt, table.realfmt = (image.attributes[key] for key in ("bhost", "bintfmt", "brealfmt"))
    table.host = table.host[:HOST_LENGTH]  # as much as XVGET gives: a label that is written again has lost the rest
    nc = min(int(item("NC")), MAX_COLUMNS)
    table._columns = [Column("") for _ in range(nc)]
    _read_formats(table, label)
    offsets = _integers(label, "COFFSET")
    sizes = [fmt.cell_size(c.format) for c in table._columns]
    segment, blocksize = int(item("SEGMENT", default=1)), int(item("BLOCKSIZE", default=LINE)) or LINE
    if len(offsets) < nc or min(segment, blocksize, nc) < 1 or min(offsets[:nc]) < 0:
        raise IbisError("NOTIBIS", "IBISFileUnitOpen", image.name)
    kind = RowLayout if table.org == "ROW" else ColumnLayout
    table._layout = kind(max(int(item("NR", default=0)), 0), sizes, offsets[:nc], segment, blocksize,
                         image.recsize, image.nlb)  # fmt: skip
    _read_groups(table, label, GROUP)
    _read_groups(table, label, UNIT)
    header = image.binary_header()[:, :blocksize].reshape(-1)
    table._cells = Cells(header if mode == "READ" else header.copy())
    return table


def _integers(label, key: str) -> list[int]:
    try:
        return [int(v) for v in label.values(key, property=PROPERTY, format="INT")]
    except VicarError:
        return []


def _read_formats(table: Table, label) -> None:
    for name in FORMAT_ITEMS:
        if name == table.default_format:
            continue
        columns = [n for n in _integers(label, f"FMT_{name}") if 0 < n <= table.nc]
        lengths = _integers(label, "ASCII_LEN") if name == "ASCII" else []
        for at, number in enumerate(columns):
            column = table._columns[number - 1]
            column.format = f"A{lengths[at]}" if name == "ASCII" and at < len(lengths) else name
            table.groups.attach(FORMAT, name, column)
    for column in table._columns:
        if not column.format:
            column.format = table.default_format
            table.groups.attach(FORMAT, fmt.group_name(column.format), column)


def _read_groups(table: Table, label, kind: str) -> None:
    try:
        names = label.values(f"{kind}S", property=PROPERTY, format="STRING")
    except VicarError:
        return
    for number, name in enumerate(names, start=1):
        columns = [table._columns[n - 1] for n in _integers(label, f"{kind}_{number}") if 0 < n <= table.nc]
        if columns and table.groups.find(kind, name) is None:
            table.groups.new(kind, name, columns)


def _open_old(image: Image, mode: str, nc: int, host: tuple[str, str, str] | None) -> Table:
    graphics = nc > 0
    table = Table(image, mode, "ROW" if graphics else "COLUMN", old=True)
    if host:
        table.host, table.intfmt, table.realfmt = host
    if image.recsize != LINE or not image.format.lower().startswith("b"):
        raise IbisError("NOTIBIS", "IBISFileUnitOpen", image.name)
    data = image.read_window().reshape(-1).view(np.uint8)
    table._cells = Cells(data)
    if graphics:
        table._layout = GraphicsLayout(len(data) // (4 * nc), [4] * nc, segment=4 * nc, blocks=image.nl)
    else:
        first = fmt.to_program(table._cells.read(0, 4, 1, 4), "FULL", None, table.intfmt, table.realfmt, "IBISFileUnitOpen")
        rows = max(int(first[0]), 0)
        segment = -(-rows // (LINE // 4)) * (LINE // 4)
        nc = min((image.nl - 1) * LINE // (segment * 4), MAX_OLD_COLUMNS) if segment else 0
        table._layout = OldTabularLayout(rows, [4] * nc, segment=segment, blocks=image.nl)
    for _ in range(nc):
        table._columns.append(Column(table.default_format))
        table.groups.attach(FORMAT, table.default_format, table._columns[-1])
    return table


def create_table(path, *, nr: int, nc: int, org: str = "COLUMN", formats: Sequence[str] | None = None, type: str = "",
                 default_format: str = "REAL", version: int = 2, name: str | None = None, primary: Image | None = None,
                 task=None, host: tuple[str, str, str] | None = None) -> Table:
    """Make a new IBIS file (IBISFileOpen with WRITE, or OWRITE for ``version=1``); zero-filled.

    ``formats`` holds one format a column; None means ``default_format`` for all. The file appears at `Table.close`.
    """
    old = version == 1
    if nc > (MAX_OLD_COLUMNS if old else MAX_COLUMNS):
        raise IbisError("OLDIBIS" if old else "LIMEXCD", "IBISFileUnitOpen", name or str(path))
    if old and org == "ROW" and nc < 1:
        raise IbisError("NCREQD", "IBISFileUnitOpen", name or str(path))
    given = [fmt.normal(f, "IBISFileUnitOpen") for f in formats] if formats else [default_format] * nc
    if old and any(fmt.cell_size(f, True) > 4 for f in given):
        raise IbisError("OLDIBIS", "IBISFileUnitOpen", name or str(path))
    sizes = [fmt.cell_size(f, old) for f in given]
    if old:
        layout: Layout = GraphicsLayout(nr, sizes) if org == "ROW" else OldTabularLayout(nr, sizes)
    else:
        layout = RowLayout(nr, sizes) if org == "ROW" else ColumnLayout(nr, sizes)
    layout.start()
    final = Path(os.path.realpath(path))
    try:
        image = _new_file(final, name or str(path), layout, org, host, primary, task)
    except VicarError as error:
        raise ReportedError(error, "IBISFileUnitOpen") from error
    table = Table(image, "WRITE", org, old, final)
    table.type, table.default_format = type, default_format
    table.host, table.intfmt, table.realfmt = host or (OLD_HOST if old else ("X86-64-LINX", "LOW", "RIEEE"))
    table._layout = layout
    for format in given:
        table._columns.append(Column(format))
        table.groups.attach(FORMAT, fmt.group_name(format), table._columns[-1])
    table._cells.reserve(layout.blocks * layout.blocksize)
    table._data_changed = True
    if not isinstance(layout, GraphicsLayout):
        table.flush()
    return table


def _new_file(final: Path, name: str, layout: Layout, org: str, host, primary, task) -> Image:
    """The empty file the original makes first, closes, and opens again for update; here under a hidden name."""
    from vicar.image import create_image, open_image

    hidden = final.with_name(f".{final.name[:200]}.{os.getpid()}.{os.urandom(4).hex()}")
    if layout.old:
        options = dict(nl=layout.blocks, nb=1, type="TABULAR" if org == "COLUMN" else "GRAPH1", host=(host or OLD_HOST)[0])
    else:
        options = dict(nl=1, nb=1, type="TABULAR", nlb=layout.blocks, binary=True)
    image = create_image(hidden, name=name, ns=LINE, format="BYTE", org="BSQ", primary=primary, task=task, **options)
    label = image.label
    if (PROPERTY, 1) in label.properties():
        keys = [key for key, _ in label.items(property=PROPERTY)]
        for key in [*(k for k in keys if k != "PROPERTY"), "PROPERTY"]:
            label.delete(key, property=PROPERTY)
    if not layout.old:
        _replace(image, "NL", 0, "INT")
    image.close()
    try:
        return open_image(hidden, "UPDATE", name=name, binary=not layout.old, convert=not layout.old)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
