"""BASIC and BASIC2: run lengths and small differences, a line at a time. Source: ``basic_compression.c``.

A line is coded byte plane by byte plane (all first bytes of its pixels, then all second ones ...) as it lies in the
file's number format. Codes are bits, highest first; values count modulo 256:

    ddd                 next value, difference ddd-3 (ddd < 7)
    1110 vvvvvvvv       next value, literal
    1111 n ddd          value repeated n+4 times; n is 4 bits, or 15 and 8 bits more (n = 15 + s), or 15, 255 and 24 bits
                        in three bytes, lowest first; then a difference, or 111 and a literal

BASIC puts a 4-byte length, which counts itself, in front of every line; BASIC2 puts a table of all lengths behind the label.

accepted: the original cannot read or write such files sequentially (its BAND defaults to 0) and so stops with BADLINE or
NONSEQWRIT; here they behave like other files, except that lines are written whole and in order, and not updated. Lines
of an output that nobody wrote are zero.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.label import system
from vicar.numerics.compiled import kernel

COMPILED_FROM = 1_000_000  # image bytes from which compiling the decoder pays


def planes(line: np.ndarray) -> np.ndarray:
    """Bytes of a line of pixels in the order they are coded, uint8."""
    line = np.ascontiguousarray(line)
    return np.ascontiguousarray(line.view(np.uint8).reshape(len(line), -1).T).reshape(-1)


def encode(values: np.ndarray) -> bytes:
    """Code of a uint8 sequence, last byte filled up with zeros, without a length."""
    if not len(values):
        return b""
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    lengths = np.diff(np.append(starts, len(values))).astype(np.uint64)
    level = values[starts].astype(np.int64)
    step = np.diff(level, prepend=np.int64(10**6))  # the first value is always a literal
    near = np.abs(step) < 4

    small = (step + 3).astype(np.uint64)
    literal = level.astype(np.uint64)
    # short runs: the value, then a zero difference for every repetition
    again = np.where(lengths < 4, lengths - np.uint64(1), 0).astype(np.uint64)
    repeats = np.array([0, 0b011, 0b011011], np.uint64)[again]
    first = np.where(near, small, np.uint64(0b1110 << 8) | literal)
    code = (first << (np.uint64(3) * again)) | repeats
    bits = np.where(near, 3, 12) + 3 * again.astype(np.int64)

    long = lengths >= 4
    if long.any():
        n = lengths[long]
        far = ~near[long]
        count, width = _counts(n)
        tail = np.where(far, np.uint64(0b111 << 8) | literal[long], small[long])
        tail_width = np.where(far, 11, 3)
        prefix = (np.uint64(0b1111) << width.astype(np.uint64)) | count
        code[long] = (prefix << tail_width.astype(np.uint64)) | tail
        bits[long] = 4 + width + tail_width

    ends = np.cumsum(bits)
    shift = (np.repeat(ends, bits) - 1 - np.arange(ends[-1])).astype(np.uint64)
    return np.packbits(((np.repeat(code, bits) >> shift) & np.uint64(1)).astype(np.uint8)).tobytes()


def _counts(n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Repetition counts of runs of 4 and more, and the bits each takes."""
    big = n - np.uint64(4)
    low, middle, high = big & np.uint64(255), (big >> np.uint64(8)) & np.uint64(255), (big >> np.uint64(16)) & np.uint64(255)
    escape = np.uint64(15)
    count = np.where(
        n < 19,
        big,
        np.where(
            n < 274,
            (escape << np.uint64(8)) | (n - np.uint64(19)),
            (((escape << np.uint64(8)) | np.uint64(255)) << np.uint64(24))
            | (low << np.uint64(16)) | (middle << np.uint64(8)) | high,
        ),
    )
    return count.astype(np.uint64), np.where(n < 19, 4, np.where(n < 274, 12, 36))


@kernel(above=COMPILED_FROM)
def decode_into(code, out):
    """Fill ``out`` (uint8) from ``code`` (uint8, with spare bytes at the end); how far."""
    position = 0  # in bits
    old = 0
    done = 0
    total = len(out)
    limit = (len(code) - 16) * 8
    while done < total and position < limit:  # a damaged line ends in zeros
        run = 1
        head = bits_at(code, position, 4)
        kind = head >> 1
        if kind < 7:
            position += 3
            old = (old + kind - 3) & 255
        elif head == 14:
            old = bits_at(code, position + 4, 8)
            position += 12
        else:
            run = bits_at(code, position + 4, 4)
            position += 8
            if run == 15:
                run = bits_at(code, position, 8)
                position += 8
                if run == 255:
                    run = (bits_at(code, position, 8) | bits_at(code, position + 8, 8) << 8
                           | bits_at(code, position + 16, 8) << 16)
                    position += 24
                else:
                    run += 15
            run += 4
            kind = bits_at(code, position, 3)
            position += 3
            if kind < 7:
                old = (old + kind - 3) & 255
            else:
                old = bits_at(code, position, 8)
                position += 8
        stop = min(total, done + run)
        out[done:stop] = old
        done = stop
    return done


@kernel()
def bits_at(code, position, count):
    """``count`` (at most 8) bits at a bit position."""
    at = position >> 3
    pair = (int(code[at]) << 8) | int(code[at + 1])
    return (pair >> (16 - count - (position & 7))) & ((1 << count) - 1)


def decode(code: bytes, total: int, of: int = 0) -> np.ndarray:
    """``total`` bytes out of the code of a line (zeros where it ends too early), uint8; ``of``: bytes of the whole image."""
    out = np.zeros(total, np.uint8)
    padded = code + bytes(16)
    compiled = decode_into.pick(of)
    if compiled:
        compiled(np.frombuffer(padded, np.uint8), out)
    else:
        decode_into.plain(padded, out)
    return out


class _Counter:
    """Takes the place of a line that is only measured."""

    def __init__(self, total: int):
        self._total = total

    def __len__(self) -> int:
        return self._total

    def __setitem__(self, place: slice, value: int) -> None:
        pass


def fills(code: bytes, total: int) -> bool:
    """Whether there is as much in a code as a line claims; looked at before room is made for lines that claim very much."""
    return total <= (len(code) + 8) * PLAUSIBLE or decode_into(code + bytes(16), _Counter(total)) == total


PLAUSIBLE = 1 << 16  # bytes a line may hold for each byte of its code and be taken at its word


class CompressedLines:
    """Lines of one compressed file; ``image`` is the open image they belong to."""

    def __init__(self, image) -> None:
        self._image = image
        g = image.geometry
        self._two = image.compress == "BASIC2"
        self._lines = g.nl * g.nb
        self._start = g.base + g.lblsize + (4 * self._lines if self._two else 0)
        self._places = [self._start]  # offset of each line found so far, and of the one behind them
        self._width = g.pixel
        self._count = g.n1
        self._bytes = g.n1 * g.pixel * self._lines
        self._last: tuple[int, np.ndarray] = (0, np.zeros(0, np.uint8))

    # ---------------------------------------------------------------- reading
    def _place(self, record: int) -> int:
        """Offset of a line (from 1); the one behind the last is the end of the image."""
        store = self._image._store
        places = self._places
        if self._two and len(places) <= record - 1 and self._image.op != "WRITE":
            table = self._image.geometry.base + self._image.geometry.lblsize
            raw = store.bytes_at(table, 4 * self._lines)
            lengths = np.frombuffer(raw[: len(raw) // 4 * 4], "<u4")
            if len(lengths) < self._lines:
                raise VicarError("EOF", "XVREAD", self._image.name, line=record)
            places[:] = [self._start, *(self._start + np.cumsum(lengths, dtype=np.int64)).tolist()]
        while len(places) < record:
            head = store.bytes_at(places[-1], 4)
            if len(head) < 4 or self._two:
                raise VicarError("EOF", "XVREAD", self._image.name, line=record)
            length = int.from_bytes(head, "little")
            if length < 4:  # the count counts itself: this is no line, and no end of lines would come
                raise VicarError("EOF", "XVREAD", self._image.name, line=record)
            places.append(places[-1] + length)
        return places[record - 1]

    def line(self, record: int) -> np.ndarray:
        """Pixels of a line in the file's dtype."""
        if record > self._lines:
            raise VicarError("EOF", "XVREAD", self._image.name, line=record)
        if self._last[0] != record:
            begin, end = self._place(record), self._place(record + 1)
            code = self._image._store.bytes_at(begin, max(0, end - begin))
            code = code if self._two else code[4:]
            if self._count < 0 or not fills(code, self._count * self._width):
                raise VicarError("EOF", "XVREAD", self._image.name, line=record, detail="the code is too short for the line")
            flat = decode(code, self._count * self._width, self._bytes)
            stored = np.ascontiguousarray(flat.reshape(self._width, self._count).T).reshape(-1)
            stored.setflags(write=False)
            self._last = (record, stored.view(self._image._codec.stored))
        return self._last[1]

    # ---------------------------------------------------------------- writing
    def append(self, record: int, stored: np.ndarray) -> None:
        """Write a line: the next one, or the last one again."""
        image, places = self._image, self._places
        if image.op != "WRITE" or record not in (len(places) - 1, len(places)):
            raise VicarError("NONSEQWRIT", "XVWRITE", image.name, line=image.record_number)
        if record > self._lines:
            raise VicarError("EOF", "XVWRITE", image.name, line=image.record_number)
        code = encode(planes(stored))
        data = code if self._two else (len(code) + 4).to_bytes(4, "little") + code
        image._put(places[record - 1], np.frombuffer(data, np.uint8))
        places[record:] = [places[record - 1] + len(data)]
        self._last = (0, self._last[1])

    def finish(self) -> None:
        """Complete the file at close: missing lines, table of lengths, EOCI, label, exact size."""
        image, store, g = self._image, self._image._store, self._image.geometry
        if image.op == "WRITE":
            nothing = np.zeros(self._count * self._width, np.uint8).view(image._codec.stored)
            while len(self._places) <= self._lines:
                self.append(len(self._places), nothing)
            if self._two:
                store.write(g.base + g.lblsize, np.diff(self._places).astype("<u4"))
        end = self._place(self._lines + 1) - g.base
        label = image.label
        if "COMPRESS" not in label.text:
            label.add("COMPRESS", image.compress)
        for key in ("EOCI1", "EOCI2"):
            if label.has(key):
                label.delete(key)
        label.add("EOCI1", end % 2**32, format="INT")
        label.add("EOCI2", end // 2**32, format="INT")
        main, eol = system.split(label.text, g.lblsize, 0, label.memory)
        store.write(g.base, main)
        if eol:
            store.write(g.base + end, eol)
            image._eol_size = len(eol)
        store.truncate(g.base + end + image._eol_size)
