"""ARC2GRAF: lines or points of an ARC/INFO file as graphics files. Source: ``vos/p2/prog/arc2graf`` (Fortran, 15-Jan-2013).

The file is that of VMS, records of varying length with two bytes of length before each and an even number of bytes: a line
is a record of FIELDS(1) bytes with its group, records of pairs, and END; a second END ends the file. The byte 10 is taken for
the length of a group's record, so FIELDS(1) must be 10. With POINT every record has group and pair.

accepted: a file without END ends with the message after its last block; the original reads on for some blocks of nothing.

Kept: text files of other machines end with "Error encountered", also those of GRAF2ARC. Bytes left from the block before count
twice after a line of another group that began there.
"""

from __future__ import annotations

import re

import numpy as np

from programs.ibis._graphics import write_graphics
from vicar.errors import VicarError
from vicar.numerics.fortran import read_integer, read_real

FORTRAN = True

f32 = np.float32
PLAIN = re.compile(rb" *[+-]?\d+\.\d* *")
MANY = 8  # records that are worth arrays
BLOCK, LONGEST = 512, 8192
END, SIGNS = b"E", re.compile(rb"[E\n]")


class Unreadable(ValueError):
    """A number that is none."""


def main(task):
    task.message(" ARC2GRAF version 15-Jan-2013")
    groups = task.integers("GROUP")
    if task.defaulted("GROUP") or task.keyword("ALL"):
        groups = groups[:1]
    fields = task.integers("FIELDS")
    if len(fields) != 3:
        task.abend("FIELDS  - incomplete format information.  Please correct.")
    if 0 in fields:
        task.abend("FIELDS  - incorrect format information. Please correct.")
    if task.keyword("DEB"):
        task.messages("    ", " ARC2GRAF - Revision C ", "    ")
    try:
        data = (task.directory / task.string("INP").rstrip()).read_bytes()
    except OSError:
        task.abend(" Data set open error. Program terminated.")
    if task.count("OUT") != len(groups):
        task.abend("Number of output files does not match number of levels")
    reader = Reader(task, data, fields, groups)
    try:
        (reader.points if task.keyword("POINT") else reader.lines)()
    except Unreadable:
        task.message(" Error encountered")
    for number, rows in enumerate(reader.rows, 1):
        rows.append([0.0, 0.0])
        try:
            write_graphics(task, np.array(rows, f32), "OUT", number)
        except VicarError as error:
            task.printf(f"ARC2GRAF: {error}\n")
            return
    if task.keyword("DEB"):
        task.message(" Task completed")


class Reader:
    """Elements of a file. ``rows`` : for each output, its rows; the byte offsets are the original's, but from 0."""

    def __init__(self, task, data: bytes, fields: list[int], groups: list[int]):
        self.task, self.data, self.groups = task, data, groups
        self.group_width, self.width, self.decimals = fields
        self.rows: list[list] = [[] for _ in groups]
        self.all, self.flip, self.debug = task.keyword("ALL"), task.keyword("FLIP"), task.keyword("DEB")
        self.nlines = task.integer("NLINES", 0)
        self.scale, self.x, self.y = (task.real(name) for name in ("SCALE", "XOFFSET", "YOFFSET"))
        self.blocks_read = 0
        self.block = b""
        self.kept = bytearray(LONGEST + BLOCK)  # a piece that began in a block before, and what follows

    def lines(self) -> None:
        """Lines, until the second END."""
        kept = self.kept
        over, left, blocks, ends, first, before = False, 0, 1, 0, 2, 0
        pair = 2 * self.width + 2
        self._read()
        while True:
            for sign in SIGNS.finditer(self.block, first):
                place = sign.start()
                if sign[0] == END:
                    ends += 1
                    if ends != 2:
                        continue
                else:
                    ends = 0
                source, start = (kept, 2) if over else (self.block, before + 2)
                group = self._group(source[start : start + self.group_width])
                if self.all or group in self.groups:
                    if self.debug:
                        self.task.printf(f"  Level = {group:12d}\n")
                    size = place - before + left + (blocks - 1) * BLOCK - 8 - self.group_width
                    count = int(size / pair)  # towards zero
                    if self.debug:
                        self.task.message(" Line segment" if count == 2 else " Line string")
                    start += self.group_width + 2
                    quick = self._plain(source[start : start + count * pair], count)
                    if quick is not None:
                        self._extend(group, quick)
                    else:
                        for _ in range(count):
                            self._write(group, *self._pair(source[start : start + pair - 2]))
                            start += pair
                    self._write(group, f32(0), f32(0))
                    left, blocks = 0, 1
                elif self.debug:
                    self.task.message(" Ignored element")
                if ends == 2:
                    return
                over, before = False, place
            if over:
                start = left + blocks * BLOCK
                blocks += 1
            else:
                blocks, left = 1, BLOCK - before
                kept[:left] = self.block[before:]
                start = left
            self._read()
            kept[start : start + BLOCK] = self.block
            first, before, over = 0, 0, True

    def points(self) -> None:
        """Points, until END."""
        kept = self.kept
        self._read()
        length = int(np.int8(self.block[0]))
        over, size, more = False, BLOCK, 0
        while True:
            place = 2
            while place < size:
                at = place - more if over else place
                if 0 <= at < BLOCK and self.block[at : at + 1] == END:
                    return
                if size - place < length:
                    break
                source = kept if over else self.block
                start = place + self.group_width
                group = self._group(source[place:start])
                x, y = self._pair(source[start : start + 2 * self.width])
                for _ in range(2):
                    self._write(group, x, y)
                self._write(group, f32(0), f32(0))
                if self.debug:
                    self.task.message("Point line")
                if length + 2 < 1:
                    raise Unreadable
                place += length + 2
            left = size - place if place < size else place - size
            if place - size == 2:
                left, more = -2, 0
            else:
                more = left + 2
                # behind the block there is the number of its first byte
                source = kept if over else self.block + (3).to_bytes(4, "little")
                kept[:more] = bytes(source[place - 2 : place - 2 + more])
            self._read()
            kept[left + 2 : left + 2 + BLOCK] = self.block
            size, over = BLOCK + more, True

    def _read(self) -> None:
        self.blocks_read += 1
        end = self.blocks_read * BLOCK
        block = self.data[end - BLOCK : end]
        if not block:
            name = self.task.string("INP")
            self.task.abend(f"[VIC2-GENERR] Exception in XVREAD, processing file: {name}", "[VIC2-EOF] End of file ",
                            f" Current line in image = {self.blocks_read}", " Error in xvread. Program terminated.")
        self.block = block.ljust(BLOCK, b"\0")

    def _group(self, text: bytes) -> int:
        try:
            return read_integer(bytes(text).decode("latin-1"))
        except ValueError:
            raise Unreadable from None

    def _plain(self, data: bytes, count: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Coordinates of records at once, if all are numbers with a point and blanks around them."""
        pair = 2 * self.width + 2
        if count < MANY or len(data) != count * pair:
            return None
        fields = np.frombuffer(bytes(data), np.dtype([("number", f"S{self.width}", 2), ("length", "S2")]))["number"]
        if not all(PLAIN.fullmatch(field) for field in fields.ravel().tolist()):
            return None
        x, y = fields.astype(np.float64).astype(f32).T
        with np.errstate(all="ignore"):
            return x / self.scale + self.x, y / self.scale + self.y

    def _extend(self, group: int, places: tuple[np.ndarray, np.ndarray]) -> None:
        x, y = places
        if self.flip:
            zero = (x == 0) & (y == 0)
            x, y = np.where(zero, x, f32(self.nlines) - y if self.nlines else y), np.where(zero, y, x)
        number = 0 if self.all else self.groups.index(group)
        self.rows[number].extend(np.column_stack((x, y)).tolist())

    def _pair(self, text: bytes) -> list[np.float32]:
        text = bytes(text).decode("latin-1")
        try:
            x, y = (f32(read_real(part, self.decimals)) for part in (text[: self.width], text[self.width :]))
        except ValueError:
            raise Unreadable from None
        with np.errstate(all="ignore"):
            return [x / self.scale + self.x, y / self.scale + self.y]

    def _write(self, group: int, x: np.float32, y: np.float32) -> None:
        if self.flip and (x != 0 or y != 0):
            x, y = (f32(self.nlines) - y if self.nlines else y), x
        number = 0 if self.all else self.groups.index(group) if group in self.groups else None
        if number is not None:
            self.rows[number].append([float(x), float(y)])
