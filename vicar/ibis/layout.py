"""Where the cells of a table lie in its data area, and how that changes when rows or columns come and go.

Four layouts: IBIS-2 by column or by row (``mthd_io_col.c``, ``mthd_io_row.c``, ``util_file.c``, ``struct_xgap.c``), IBIS-1
tabular (``mthd_io_old.c``) and GRAPHICS-1 (``mthd_io_gr1.c``). A layout knows offsets only; bytes are moved by `Cells`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.errors import VicarError
from vicar.image.store import ABSURD

LINE = 512
OLD_SEGMENT = LINE // 4


def how_many(value: int, unit: int) -> int:
    """Units needed for ``value``."""
    return -(-value // unit)


def align_up(value: int, unit: int) -> int:
    return how_many(value, unit) * unit


def power_of_two(value: int) -> int:
    """Smallest power of two not below ``value`` (1 for 1 and less)."""
    return 1 << max(value - 1, 0).bit_length()


class Cells:
    """The data area as one run of bytes that grows with zeros."""

    def __init__(self, data: np.ndarray | None = None):
        self.data = np.zeros(0, np.uint8) if data is None else data

    def reserve(self, size: int) -> None:
        if size > len(self.data):
            data = np.zeros(size, np.uint8)
            data[: len(self.data)] = self.data
            self.data = data

    def _view(self, offset: int, stride: int, count: int, size: int) -> np.ndarray:
        return np.ndarray((count, size), np.uint8, self.data, offset, (stride, 1))

    def read(self, offset: int, stride: int, count: int, size: int) -> np.ndarray:
        """``count`` cells as (count, size) uint8; what lies behind the end is zero."""
        if count <= 0:
            return np.zeros((0, size), np.uint8)
        end = offset + (count - 1) * stride + size
        if end > len(self.data):
            if end > 2 * len(self.data) + ABSURD:
                raise VicarError("EOF", "XVREAD")
            self.reserve(end)
        return self._view(offset, stride, count, size)

    def write(self, offset: int, stride: int, cells: np.ndarray) -> None:
        count, size = cells.shape
        if count:
            self.reserve(offset + (count - 1) * stride + size)
            self._view(offset, stride, count, size)[:] = cells

    def clear(self, offset: int, stride: int, count: int, size: int) -> None:
        self.write(offset, stride, np.zeros((max(count, 0), size), np.uint8))


@dataclass
class Gaps:
    """Free stretches among the column offsets, kept as the original keeps them (newest first)."""

    extent: int
    free: list[list[int]] = field(default_factory=list)

    def release(self, offset: int, size: int) -> None:
        end = offset + size
        around = self._at(offset)
        behind = None if around else self._at(end)
        if around:
            around[1] = end
        elif behind:
            behind[0] = offset
        else:
            self.free.insert(0, [offset, end])
        if end == self.extent:
            self.extent = offset

    def take(self, offset: int, size: int) -> None:
        gap = self._at(offset)
        if gap is None:
            return
        end = offset + size
        if offset == gap[0]:
            if end == gap[1]:
                self.free.remove(gap)
            else:
                gap[0] = end
        elif end == gap[1]:
            gap[1] = offset
        else:
            self.free.insert(0, [end, gap[1]])
            gap[1] = offset
        self.extent = max(self.extent, end)

    def find(self, size: int) -> int | None:
        """Offset of a gap of at least ``size`` bytes."""
        return next((start for start, end in self.free if end - start >= size), None)

    def _at(self, offset: int) -> list[int] | None:
        return next((gap for gap in self.free if gap[0] <= offset < gap[1]), None)


class Layout:
    """What all layouts share: offsets and sizes of columns, rows, segment, blocks."""

    old = False
    block_label = "NLB"

    def __init__(self, rows: int, sizes: list[int], offsets: list[int] | None = None, segment: int = 0,
                 blocksize: int = LINE, recsize: int = LINE, blocks: int = 0):
        self.rows = rows
        self.sizes = list(sizes)
        self.offsets = list(offsets) if offsets is not None else []
        self.segment = segment
        self.blocksize = blocksize
        self.recsize = recsize
        self.blocks = blocks
        self.extent = max((o + s for o, s in zip(self.offsets, self.sizes)), default=0)
        self._gaps: Gaps | None = None

    def place(self, column: int) -> tuple[int, int]:
        """Offset of a column's first cell, and the distance from row to row."""
        raise NotImplementedError

    def _append(self, first: int, count: int) -> None:
        """Give columns ``first ...`` the places behind the last one."""
        for column in range(first, first + count):
            self.offsets[column] = self.extent
            self.extent += self.sizes[column]

    def _gap_manager(self) -> Gaps:
        if self._gaps is None:
            self._gaps = Gaps(self.extent)
            self._gaps.release(0, self.extent)
            for offset, size in zip(self.offsets, self.sizes):
                self._gaps.take(offset, size)
            self.extent = self._gaps.extent
        self._gaps.extent = self.extent
        return self._gaps

    def insert(self, cells: Cells, column: int, count: int, size: int) -> bool:
        """Make ``count`` columns before ``column`` (from 0); gives whether the number of blocks was set anew."""
        gaps = self._gap_manager()
        self.sizes[column:column] = [size] * count
        self.offsets[column:column] = [0] * count
        for n in range(column, column + count):
            offset = gaps.find(size)
            if offset is None:
                self._append(n, column + count - n)
                self._extended(cells)
                return True
            self.offsets[n] = offset
            gaps.take(offset, size)
            self.extent = gaps.extent
        return False

    def remove(self, cells: Cells, column: int, count: int) -> bool:
        """Drop ``count`` columns from ``column`` (from 0) on; their places become gaps."""
        gaps = self._gap_manager()
        for n in range(column, column + count):
            gaps.release(self.offsets[n], self.sizes[n])
        self.extent = gaps.extent
        del self.offsets[column : column + count], self.sizes[column : column + count]
        return False

    def resize(self, column: int, size: int) -> None:
        """A column's cells become smaller in place."""
        self.sizes[column] = size

    def _extended(self, cells: Cells) -> None:
        """The extent has grown past what the blocks hold."""
        raise NotImplementedError

    def _compute_blocks(self, bound: int) -> None:
        """Segment and block size of a new table (``_i_compute_blocksize``)."""
        bound = max(bound, 1)
        if bound < self.recsize:
            self.segment = power_of_two(bound)
            self.blocksize = self.recsize // self.segment * self.segment
        else:
            self.blocksize = self.recsize
            self.segment = align_up(bound, self.recsize)

    def _useful_segment(self, bound: int) -> int:
        segment = power_of_two(bound)
        return segment if self.blocksize % segment == 0 else align_up(segment, self.blocksize)


class ColumnLayout(Layout):
    """IBIS-2, column by column: SEGMENT rows are reserved for each."""

    def start(self) -> None:
        self.offsets = [0] * len(self.sizes)
        self.extent = 0
        self._append(0, len(self.sizes))
        self._compute_blocks(self.rows)
        self.blocks = how_many(self.extent * self.segment, self.blocksize) or 1

    def place(self, column):
        return self.offsets[column] * self.segment, self.sizes[column]

    def _extended(self, cells):
        self.blocks = how_many(self.extent * self.segment, self.blocksize)

    def add_rows(self, cells: Cells, count: int) -> bool:
        """Room for more rows; a larger segment moves every column but the first of the table (as in the original)."""
        segment = power_of_two(self.rows + count)
        if segment == self.segment:
            return False
        segment = self._useful_segment(self.rows + count)
        self.blocks = how_many(self.extent * segment, self.blocksize)
        moved = []
        for column in range(len(self.sizes)):
            if column:  # the original forgets the first column unless it lies at the start, where it need not move
                offset, stride = self.place(column)
                moved.append((column, cells.read(offset, stride, self.rows, self.sizes[column]).copy()))
        self.segment = segment
        cells.reserve(self.blocks * self.blocksize)
        for column, data in moved:
            cells.write(*self.place(column), data)
        return True

    def drop_rows(self, cells: Cells, count: int) -> bool:
        return False


class RowLayout(Layout):
    """IBIS-2, row by row: SEGMENT bytes are reserved for each."""

    def start(self) -> None:
        self.offsets = [0] * len(self.sizes)
        self.extent = 0
        self._append(0, len(self.sizes))
        self._compute_blocks(self.extent)
        self.blocks = how_many(self.rows * self.segment, self.blocksize) or 1

    def place(self, column):
        return self.offsets[column], self.segment

    def _extended(self, cells):
        segment = self._useful_segment(self.extent)
        self.blocks = how_many(self.rows * segment, self.blocksize)
        rows = cells.read(0, self.segment, self.rows, self.segment).copy()
        old, self.segment = self.segment, segment
        cells.reserve(self.rows * segment)
        if self.rows:
            cells.write(0, segment, rows[:, : min(old, segment)])

    def add_rows(self, cells: Cells, count: int) -> bool:
        self.blocks = how_many((self.rows + count) * self.segment, self.blocksize)
        return True

    def drop_rows(self, cells: Cells, count: int) -> bool:
        self.blocks = how_many((self.rows - count) * self.segment, self.blocksize)
        return True


class OldTabularLayout(Layout):
    """IBIS-1: a line that holds the number of rows, then columns of 4-byte cells, each a whole number of lines."""

    old = True
    block_label = "NL"

    def start(self) -> None:
        self.segment = align_up(self.rows, OLD_SEGMENT)
        self.blocks = 1 + len(self.sizes) * self._lines()

    def _lines(self) -> int:
        return self.segment * 4 // LINE

    def place(self, column):
        return LINE + column * self.segment * 4, 4

    def insert(self, cells, column, count, size):
        data = [cells.read(*self.place(n), self.segment, 4).copy() for n in range(column, len(self.sizes))]
        self.sizes[column:column] = [4] * count
        self.blocks = 1 + len(self.sizes) * self._lines()
        for n, column_data in enumerate(data, start=column + count):
            cells.write(*self.place(n), column_data)
        return True

    def remove(self, cells, column, count):
        data = [cells.read(*self.place(n), self.segment, 4).copy() for n in range(column + count, len(self.sizes))]
        del self.sizes[column : column + count]
        self.blocks = 1 + len(self.sizes) * self._lines()
        for n, column_data in enumerate(data, start=column):
            cells.write(*self.place(n), column_data)
        return True

    def _resegment(self, cells: Cells, rows: int, keep: int) -> bool:
        segment = align_up(rows, OLD_SEGMENT)
        if segment == self.segment:
            return False
        data = [cells.read(*self.place(n), keep, 4).copy() for n in range(len(self.sizes))]
        self.segment = segment
        self.blocks = 1 + len(self.sizes) * self._lines()
        cells.reserve(self.blocks * LINE)
        for n, column_data in enumerate(data):
            cells.write(*self.place(n), column_data)
        return True

    def add_rows(self, cells, count):
        return self._resegment(cells, self.rows + count, self.rows)

    def drop_rows(self, cells, count):
        return self._resegment(cells, self.rows - count, self.rows - count)


class GraphicsLayout(Layout):
    """GRAPHICS-1: rows of REALs packed one behind the other across lines."""

    old = True
    block_label = "NL"

    def start(self) -> None:
        self.segment = 4 * len(self.sizes)
        self.blocks = how_many(self.segment * self.rows, LINE)

    def place(self, column):
        return 4 * column, self.segment

    def _repack(self, cells: Cells, table: np.ndarray) -> None:
        self.segment = table.shape[1] * 4
        self.blocks = how_many(self.rows * self.segment, LINE)
        cells.reserve(self.rows * self.segment)
        cells.write(0, self.segment, table.reshape(self.rows, -1))

    def _table(self, cells: Cells) -> np.ndarray:
        return cells.read(0, self.segment, self.rows, self.segment).reshape(self.rows, -1, 4).copy()

    def insert(self, cells, column, count, size):
        table = np.insert(self._table(cells), [column] * count, 0, axis=1)
        self.sizes[column:column] = [4] * count
        self._repack(cells, table)
        return True

    def remove(self, cells, column, count):
        table = np.delete(self._table(cells), slice(column, column + count), axis=1)
        del self.sizes[column : column + count]
        self._repack(cells, table)
        return True

    def add_rows(self, cells, count):
        self.blocks = how_many((self.rows + count) * self.segment, LINE)
        return True

    def drop_rows(self, cells, count):
        self.blocks = how_many((self.rows - count) * self.segment, LINE)
        return True
