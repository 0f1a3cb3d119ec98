"""Compressed Voyager pictures of the planetary-data CD-ROMs (``.IMQ``): records, Huffman code, lines.

A file is a sequence of records (two bytes of length, the content, a filling byte after odd lengths): a text label, an
image histogram, a histogram of differences that defines the code, an engineering record, and 800 coded lines of 836
bytes, the last 36 of which are the line's suffix. Source: ``vos/p2/prog/vgrcdcopy``.

Damaged files are read as the original reads them: at the end of the file a length keeps its value, a line keeps what the
line before left in its place.

known: where the original reads outside its memory (label or histograms cut off, a line record of more than 836 bytes,
a code of fewer than two differences) this raises `BadPicture`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

LINES, LINE_BYTES, PIXELS = 800, 836, 800
ENGINEERING_BYTES = 1024
DIFFERENCES = 511
SHORT_CODE = 12  # codes up to this length are looked up at once


class BadPicture(ValueError):
    """The file cannot be decoded."""


class NoLengths(BadPicture):
    """The file has no record lengths."""


class EmptyLine(BadPicture):
    """A line record of no bytes, which ends the original."""

    def __init__(self, line: int):
        self.line = line
        super().__init__(f"line {line} is empty")


@dataclass
class Picture:
    """A decoded picture.

    target : TARGET_NAME of the label, "" if there is none
    histogram : the image histogram as stored, 1024 bytes
    engineering : engineering record, 1024 bytes, zero behind its end
    lines : uint8 (800, 836), pixels and suffix
    """

    target: str
    histogram: bytes
    engineering: bytes
    lines: np.ndarray

    @property
    def pixels(self) -> np.ndarray:
        return self.lines[:, :PIXELS]

    @property
    def suffixes(self) -> np.ndarray:
        return self.lines[:, PIXELS:]


def decode(data: bytes) -> Picture:
    """Decode a whole file. Raises `BadPicture`."""
    reader = _Reader(data)
    target = _read_label(reader)
    histogram = _pieces(reader, 2)[0].ljust(1024, b"\0")[:1024]
    differences, last_length = _pieces(reader, 3)
    counts = np.frombuffer(differences.ljust(4 * DIFFERENCES, b"\0"), "<i4", DIFFERENCES)
    code = Code(counts)
    length = reader.length()
    engineering = reader.take(length).ljust(ENGINEERING_BYTES, b"\0")
    if last_length % 2:  # the original looks at the wrong length
        reader.take(1)
    return Picture(target, histogram, engineering[:ENGINEERING_BYTES], code.lines(_line_records(reader)))


class _Reader:
    """Records of a file, read as C's fread does: at the end nothing happens."""

    def __init__(self, data: bytes):
        self.data = data
        self.place = 0
        self._length = b"\0\0"

    def take(self, count: int) -> bytes:
        piece = self.data[self.place : self.place + max(count, 0)]
        self.place += len(piece)
        return piece

    def length(self) -> int:
        """Next record length; bytes that cannot be read keep their value."""
        read = self.take(2)
        self._length = read + self._length[len(read) :]
        if self._length == b"CC":
            raise NoLengths("the file has no record lengths")
        return int.from_bytes(self._length, "little", signed=True)

    @property
    def finished(self) -> bool:
        return self.place >= len(self.data)


def _read_label(reader: _Reader) -> str:
    """Read up to the END record; gives the third word of the last line that begins with TARGET_NAME."""
    target = ""
    while True:
        if reader.finished:
            raise BadPicture("the label has no end")
        length = reader.length()
        record = reader.take(length)
        if length % 2:
            reader.take(1)
        text = record.split(b"\0")[0].decode("latin-1")
        words = text.split()
        if words and words[0] == "TARGET_NAME" and len(words) > 2:
            target = words[2]
        if text == "END":
            return target


def _pieces(reader: _Reader, number: int) -> tuple[bytes, int]:
    """Whole 4-byte numbers of some records, joined, and the length of the last record; no filling bytes are skipped."""
    joined, length = b"", 0
    for _ in range(number):
        if reader.finished:
            raise BadPicture("the histograms are cut off")
        length = reader.length()
        joined += reader.take(length // 4 * 4)
    return joined, length


def _line_records(reader: _Reader) -> list[bytes | None]:
    """The coded lines; None means that the same bytes as before are decoded again.

    A record that is cut off is completed with what the buffer held.
    """
    records, buffer = [], b"\0" * LINE_BYTES
    for line in range(1, LINES + 1):
        if reader.finished and line == 1:
            raise BadPicture("there are no lines")
        length = reader.length()
        if length > LINE_BYTES or length < 0:
            raise BadPicture(f"line {line} has {length} bytes")
        read = reader.take(length)
        buffer = read + buffer[len(read) :]
        if length % 2:
            reader.take(1)
        records.append(buffer[:length])
    return records


@dataclass
class _Node:
    """A place in the code's tree: a difference, or two branches."""

    value: int = -1
    branches: tuple[_Node, _Node] | None = None


@dataclass
class _Tables:
    """First bits -> difference and length of its code (0 where the code is longer)."""

    value: np.ndarray = field(default_factory=lambda: np.zeros(1 << SHORT_CODE, np.int16))
    length: np.ndarray = field(default_factory=lambda: np.zeros(1 << SHORT_CODE, np.uint8))


class Code:
    """The Huffman code that a histogram of differences defines.

    ``counts`` : int (511,), how often the difference d = previous - current + 256 occurs, from d = 1 on.
    """

    def __init__(self, counts: np.ndarray):
        self.root = self._tree(counts)
        self.codes: dict[tuple[int, int], int] = {}  # (length, bits) -> difference
        self._walk(self.root, 0, 0)
        self.longest = max(length for length, _ in self.codes)
        self.tables = self._tables()

    @staticmethod
    def _tree(counts: np.ndarray) -> _Node:
        """Join the two rarest until one is left; a joint one goes before others that are as frequent."""
        order = np.argsort(counts, kind="stable")
        nodes = [(int(counts[i]), _Node(int(i) + 1)) for i in order]
        while nodes and nodes[0][0] == 0:
            nodes.pop(0)
        if len(nodes) < 2:
            raise BadPicture("the code has fewer than two differences")
        while len(nodes) > 1:
            (first, zero), (second, one) = nodes[:2]
            joint = first + second
            del nodes[:2]
            place = next((i for i, (count, _) in enumerate(nodes) if count >= joint), len(nodes))
            nodes.insert(place, (joint, _Node(branches=(zero, one))))
        return nodes[0][1]

    def _walk(self, node: _Node, length: int, bits: int) -> None:
        stack = [(node, length, bits)]
        while stack:
            node, length, bits = stack.pop()
            if node.branches is None:
                self.codes[length, bits] = node.value
            else:
                stack += [(branch, length + 1, bits << 1 | bit) for bit, branch in enumerate(node.branches)]

    def _tables(self) -> _Tables:
        tables = _Tables()
        for (length, bits), value in self.codes.items():
            if length <= SHORT_CODE:
                first = bits << (SHORT_CODE - length)
                tables.value[first : first + (1 << (SHORT_CODE - length))] = value
                tables.length[first : first + (1 << (SHORT_CODE - length))] = length
        return tables

    def lines(self, records: list[bytes], width: int = LINE_BYTES) -> np.ndarray:
        """Decode all lines side by side: uint8 (lines, width); 836 for Voyager."""
        empty = next((line for line, record in enumerate(records, 1) if not record), None)
        if empty:
            raise EmptyLine(empty)
        decoded, filled = self._decode(records, width)
        for line in np.flatnonzero(filled < width):  # the rest is what the line before left there
            decoded[line, filled[line] :] = decoded[line - 1, filled[line] :] if line else 0
        return decoded

    def _decode(self, records: list[bytes], line_bytes: int) -> tuple[np.ndarray, np.ndarray]:
        """Lines as far as their records reach, and how many bytes of each that is."""
        number = len(records)
        width = max(map(len, records)) + 8
        padded = np.zeros((number, width), np.uint8)
        for row, record in enumerate(records):
            padded[row, : len(record)] = np.frombuffer(record, np.uint8)
        windows = np.zeros((number, width - 7), np.uint64)  # eight bytes from each place on
        for offset in range(8):
            windows |= padded[:, offset : offset + width - 7].astype(np.uint64) << np.uint64(56 - 8 * offset)
        flat = windows.ravel()
        start = np.arange(number) * windows.shape[1]
        end = np.array([8 * len(record) for record in records])

        decoded = np.zeros((number, line_bytes), np.uint8)
        filled = np.full(number, line_bytes)
        current = padded[:, 0].copy()
        decoded[:, 0] = current
        place = np.full(number, 8)  # in bits
        rows = np.arange(number)
        for sample in range(1, line_bytes):
            window = flat[start[rows] + (place >> 3)] << (place & 7).astype(np.uint64)
            value, length = self._symbols(window)
            place = place + length
            ended = place > end[rows]
            if ended.any():
                filled[rows[ended]] = sample
                keep = ~ended
                rows, place, value, current = rows[keep], place[keep], value[keep], current[keep]
                if not len(rows):
                    break
            current = current - value.astype(np.uint8)
            decoded[rows, sample] = current
        return decoded, filled

    def _symbols(self, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Difference at the head of each 64-bit window and the length of its code."""
        head = (window >> np.uint64(64 - SHORT_CODE)).astype(np.intp)
        value, length = self.tables.value[head], self.tables.length[head].astype(np.intp)
        for index in np.flatnonzero(length == 0):
            value[index], length[index] = self._long(int(window[index]))
        return value, length

    def _long(self, window: int) -> tuple[int, int]:
        """One code that is longer than the table knows; more than the window means that it never ends here."""
        for length in range(SHORT_CODE + 1, self.longest + 1):
            value = self.codes.get((length, window >> (64 - length)))
            if value is not None:
                return value, length
        return 0, 1 << 20
