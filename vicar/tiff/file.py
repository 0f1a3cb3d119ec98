"""TIFF files: directories of fields, and image data in strips or tiles.

Files are written as libtiff writes them: little-endian, image data first, each directory behind its image, field data
behind the directory in libtiff's order. Both byte orders are read.
"""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

from vicar.tiff import codec

BYTE, ASCII, SHORT, LONG, RATIONAL, DOUBLE = 1, 2, 3, 4, 5, 12
KINDS = {"BYTE": BYTE, "ASCII": ASCII, "SHORT": SHORT, "LONG": LONG, "RATIONAL": RATIONAL, "DOUBLE": DOUBLE}
CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d"}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}

SUBFILE, WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
DESCRIPTION, STRIP_OFFSETS, SAMPLES, ROWS, STRIP_COUNTS = 270, 273, 277, 278, 279
X_RESOLUTION, Y_RESOLUTION, PLANAR, UNIT, SOFTWARE, DATE, COLORS = 282, 283, 284, 296, 305, 306, 320
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_COUNTS, SAMPLE_FORMAT = 322, 323, 324, 325, 339
GRAY, RGB, PALETTE = 1, 2, 3
CHUNKY, SEPARATE = 1, 2

# the order in which libtiff lays down the data of the fields it knows; all others follow in the order they were set
DATA_ORDER = (
    WIDTH, LENGTH, TILE_WIDTH, TILE_LENGTH, X_RESOLUTION, Y_RESOLUTION, SUBFILE, BITS, COMPRESSION, PHOTOMETRIC, SAMPLES, ROWS,
    PLANAR, UNIT, STRIP_COUNTS, TILE_COUNTS, STRIP_OFFSETS, TILE_OFFSETS, COLORS, SAMPLE_FORMAT,
)  # fmt: skip


class TiffError(Exception):
    """A file that is no TIFF, or one that cannot be read."""


class TiffWriter:
    """One file; ``set`` fields, ``put`` chunks, ``end_directory``, and again for further images; then ``save``."""

    def __init__(self):
        self.data = bytearray(b"II*\0\0\0\0\0")
        self._link = 4
        self._begin()

    def _begin(self) -> None:
        self.fields: dict[int, tuple[int, list]] = {}
        self._chunks: dict[int, tuple[int, int]] = {}

    def set(self, tag: int, kind: str, value) -> None:
        """A field; text for ASCII, else a number or a list."""
        values = value if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else [value]
        self.fields[tag] = (KINDS[kind], values)

    def value(self, tag: int, default: int = 0) -> int:
        return int(self.fields[tag][1][0]) if tag in self.fields else default

    @property
    def tiled(self) -> bool:
        return TILE_WIDTH in self.fields

    def put(self, number: int, data: bytes, row: int) -> None:
        """Strip or tile ``number``; ``row`` is the size of its rows in bytes."""
        data = codec.encode(data, self.value(COMPRESSION, 1), row)
        self._chunks[number] = (len(self.data), len(data))
        self.data += data

    def end_directory(self) -> None:
        """Write the directory of the image whose chunks were put."""
        self._set_chunk_fields()
        if len(self.data) % 2:
            self.data += b"\0"
        start = len(self.data)
        struct.pack_into("<I", self.data, self._link, start)
        size = 2 + 12 * len(self.fields) + 4
        self._link = start + size - 4
        area, places = bytearray(), {}
        order = [tag for tag in DATA_ORDER if tag in self.fields] + [tag for tag in self.fields if tag not in DATA_ORDER]
        for tag in order:
            data = _packed(*self.fields[tag])
            if len(data) > 4:
                places[tag] = start + size + len(area)
                area += data + b"\0" * (len(data) % 2)
        entries = b"".join(self._entry(tag, places.get(tag)) for tag in sorted(self.fields))
        self.data += struct.pack("<H", len(self.fields)) + entries + b"\0\0\0\0" + area
        self._begin()

    def _set_chunk_fields(self) -> None:
        chunks = [self._chunks.get(n, (0, 0)) for n in range(max(self._chunks, default=-1) + 1)]
        offsets, counts = (TILE_OFFSETS, TILE_COUNTS) if self.tiled else (STRIP_OFFSETS, STRIP_COUNTS)
        self.set(offsets, "LONG", [offset for offset, _ in chunks])
        self.set(counts, "LONG" if self._long_counts(len(chunks)) else "SHORT", [count for _, count in chunks])

    def _long_counts(self, number: int) -> bool:
        """Whether byte counts are written as LONG: they might not fit a SHORT in the worst case."""
        if number < 2:
            return True
        samples = self.value(SAMPLES, 1) if self.value(PLANAR, CHUNKY) == CHUNKY else 1
        width, rows = (self.value(TILE_WIDTH), self.value(TILE_LENGTH)) if self.tiled else (
            self.value(WIDTH), min(self.value(ROWS, 1 << 31), self.value(LENGTH)))  # fmt: skip
        size = width * rows * samples * self.value(BITS, 8) // 8
        compression = self.value(COMPRESSION, 1)
        if compression == codec.NONE:
            return size > 0xFFFF
        return size >= 0xFFFF // 10 if compression == codec.LZW else True

    def _entry(self, tag: int, place: int | None) -> bytes:
        kind, values = self.fields[tag]
        data = _packed(kind, values)
        count = len(data) if kind == ASCII else len(values)
        return struct.pack("<HHI", tag, kind, count) + (data.ljust(4, b"\0") if place is None else struct.pack("<I", place))

    def save(self, path: Path) -> None:
        path.write_bytes(bytes(self.data))


def _ratio(value: float) -> tuple[int, int]:
    """Numerator and denominator as libtiff writes them: nothing below zero, infinity above what fits."""
    largest = 0xFFFFFFFF
    if not value > 0:
        return 0, 1
    if value > largest:
        return largest, 0
    if value < 1 / largest:
        return 0, largest
    part = Fraction(value).limit_denominator(largest)
    return part.numerator, part.denominator


def _packed(kind: int, values) -> bytes:
    if kind == ASCII:
        return values.encode("latin-1") + b"\0"
    if kind == RATIONAL:
        return b"".join(struct.pack("<II", *_ratio(float(v))) for v in values)
    return struct.pack(f"<{len(values)}{CODES[kind]}", *values)


class TiffReader:
    """One file; ``fields`` of the current directory, ``row`` and ``tile`` of its image, ``next_directory``."""

    def __init__(self, path: Path):
        self.data = path.read_bytes()
        self.order = {b"II": "<", b"MM": ">"}.get(self.data[:2], "")
        if not self.order or len(self.data) < 8 or self._unpack("H", 2)[0] != 42:
            raise TiffError("not a TIFF file")
        self.offset = self._unpack("I", 4)[0]
        self._read_directory()

    def _unpack(self, code: str, at: int, count: int = 1) -> tuple:
        try:
            return struct.unpack_from(f"{self.order}{count}{code}", self.data, at)
        except struct.error as error:
            raise TiffError("truncated file") from error

    def _read_directory(self) -> None:
        (count,) = self._unpack("H", self.offset)
        self.fields: dict[int, list | str] = {}
        for n in range(count):
            at = self.offset + 2 + 12 * n
            tag, kind = self._unpack("H", at, 2)
            (number,) = self._unpack("I", at + 4)
            size = SIZES.get(kind, 1) * number
            place = at + 8 if size <= 4 else self._unpack("I", at + 8)[0]
            self.fields[tag] = self._values(kind, number, place)
        (self._next,) = self._unpack("I", self.offset + 2 + 12 * count)
        self._chunks: dict[int, bytes] = {}

    def _values(self, kind: int, number: int, place: int) -> list | str:
        if kind == ASCII:
            return self.data[place : place + number].split(b"\0")[0].decode("latin-1")
        if kind in (RATIONAL, 10):
            parts = self._unpack("I" if kind == RATIONAL else "i", place, 2 * number)
            return [a / b if b else 0.0 for a, b in zip(parts[::2], parts[1::2])]
        return list(self._unpack(CODES.get(kind, "B"), place, number))

    def next_directory(self) -> bool:
        if not self._next:
            return False
        self.offset = self._next
        self._read_directory()
        return True

    def value(self, tag: int, default: int = 0) -> int:
        values = self.fields.get(tag)
        return int(values[0]) if values else default

    @property
    def tiled(self) -> bool:
        return TILE_WIDTH in self.fields

    @property
    def samples(self) -> int:
        return self.value(SAMPLES, 1)

    @property
    def chunky(self) -> bool:
        return self.value(PLANAR, CHUNKY) == CHUNKY

    def row_bytes(self, width: int) -> int:
        return (width * self.value(BITS, 1) * (self.samples if self.chunky else 1) + 7) // 8

    def row(self, line: int, sample: int = 0) -> bytes:
        """One line (from 0) of a stripped image: all samples of a chunky one, else of ``sample``."""
        size, length = self.row_bytes(self.value(WIDTH)), self.value(LENGTH)
        rows = min(self.value(ROWS, length) or length, length)
        strips = -(-length // rows)
        number = line // rows + (0 if self.chunky else sample * strips)
        strip = self._chunk(number, STRIP_OFFSETS, STRIP_COUNTS, size * min(rows, length - line // rows * rows))
        at = line % rows * size
        return strip[at : at + size]

    def tile(self, line: int, column: int, sample: int = 0) -> bytes:
        """The tile that holds a pixel (from 0)."""
        wide, high = self.value(TILE_WIDTH), self.value(TILE_LENGTH)
        across, down = -(-self.value(WIDTH) // wide), -(-self.value(LENGTH) // high)
        number = line // high * across + column // wide + (0 if self.chunky else sample * across * down)
        return self._chunk(number, TILE_OFFSETS, TILE_COUNTS, self.row_bytes(wide) * high)

    def _chunk(self, number: int, offsets: int, counts: int, size: int) -> bytes:
        if number not in self._chunks:
            places, lengths = self.fields.get(offsets, []), self.fields.get(counts, [])
            if number >= len(places):
                raise TiffError("no such strip or tile")
            start = int(places[number])
            length = int(lengths[number]) if number < len(lengths) else size
            if self.value(317, 1) != 1:
                raise TiffError("predictors are not supported")
            try:
                data = codec.decode(self.data[start : start + length], self.value(COMPRESSION, 1), size)
            except codec.CodecError as error:
                raise TiffError(str(error)) from error
            if len(data) < size:
                raise TiffError("short strip or tile")
            if len(self._chunks) > 64:
                self._chunks.clear()
            self._chunks[number] = self._native(data)
        return self._chunks[number]

    def _native(self, data: bytes) -> bytes:
        """Samples in this machine's byte order."""
        size = self.value(BITS, 1) // 8
        if self.order == "<" or size < 2:
            return data
        return b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))
