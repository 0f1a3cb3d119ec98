"""Compressions of TIFF: LZW and PackBits both ways, Deflate for reading.

The encoders make the same choices as libtiff's (when a table is given up, which runs are worth a code), so that files agree.
"""

from __future__ import annotations

import zlib

NONE, LZW, DEFLATE_ADOBE, PACKBITS, DEFLATE = 1, 5, 8, 32773, 32946
CLEAR, END, FIRST = 256, 257, 258
FULL = 4095 - 1  # entries at which the encoder starts a new table
CHECK_GAP = 10000


class CodecError(Exception):
    """Data that cannot be decoded, or an unknown compression."""


def encode(data: bytes, compression: int, row: int) -> bytes:
    """One strip or tile of rows of ``row`` bytes."""
    if compression == LZW:
        return lzw_encode(data)
    if compression == PACKBITS:
        return b"".join(packbits_encode(data[i : i + row]) for i in range(0, len(data), row))
    return data


def decode(data: bytes, compression: int, size: int) -> bytes:
    """The first ``size`` bytes of a strip or tile."""
    if compression == NONE:
        return data[:size]
    if compression == LZW:
        return lzw_decode(data, size)
    if compression == PACKBITS:
        return packbits_decode(data, size)
    if compression in (DEFLATE, DEFLATE_ADOBE):
        return zlib.decompress(data)[:size]
    raise CodecError(f"compression {compression} is not supported")


class _Bits:
    """Codes of changing width, high bit first."""

    def __init__(self):
        self.data, self.rest, self.held, self.count = bytearray(), 0, 0, 0

    def put(self, code: int, width: int) -> None:
        self.rest = (self.rest << width) | code
        self.held += width
        self.count += width
        while self.held >= 8:
            self.held -= 8
            self.data.append((self.rest >> self.held) & 255)
        self.rest &= (1 << self.held) - 1

    def finish(self) -> bytes:
        if self.held:
            self.data.append((self.rest << (8 - self.held)) & 255)
        return bytes(self.data)


def lzw_encode(data: bytes) -> bytes:
    """TIFF's LZW. A new table is begun when it is full, or when the ratio (looked at now and then) stops growing."""
    bits, table, width, free = _Bits(), {}, 9, FIRST
    if not data:
        bits.put(END, width)
        return bits.finish()
    bits.put(CLEAR, width)
    entry, taken, checkpoint, best, start = data[0], 1, CHECK_GAP, 0, 0
    for c in data[1:]:
        taken += 1
        known = table.get((entry, c))
        if known is not None:
            entry = known
            continue
        bits.put(entry, width)
        table[entry, c] = free
        entry = c
        free += 1
        renew = free == FULL
        if not renew and free > (1 << width) - 1:
            width += 1
        elif not renew and taken >= checkpoint:
            checkpoint = taken + CHECK_GAP
            ratio = _ratio(taken, bits.count - start)
            renew, best = ratio <= best, max(ratio, best)
        if renew:
            start = bits.count
            bits.put(CLEAR, width)
            table, width, free, best, taken = {}, 9, FIRST, 0, 0
    bits.put(entry, width)
    free += 1
    if free == FULL:
        bits.put(CLEAR, width)
        width = 9
    elif free > (1 << width) - 1:
        width += 1
    bits.put(END, width)
    return bits.finish()


def _ratio(taken: int, given: int) -> int:
    if taken > 0x007FFFFF:
        return taken // (given >> 8) if given >> 8 else 0x7FFFFFFF
    return (taken << 8) // given


def lzw_decode(data: bytes, size: int) -> bytes:
    table = [bytes([n]) for n in range(256)] + [b"", b""]
    result, previous, width, held, rest = bytearray(), b"", 9, 0, 0
    for byte in data:
        rest, held = (rest << 8) | byte, held + 8
        if held < width:
            continue
        held -= width
        code = rest >> held
        rest &= (1 << held) - 1
        if code == END:
            break
        if code == CLEAR:
            del table[FIRST:]
            previous, width = b"", 9
            continue
        if not previous:
            entry = table[code] if code < 256 else b""
        elif code < len(table):
            entry = table[code]
            table.append(previous + entry[:1])
        elif code == len(table):
            entry = previous + previous[:1]
            table.append(entry)
        else:
            raise CodecError("corrupted LZW table")
        result += entry
        previous = entry
        width = 9 if len(table) < 511 else 10 if len(table) < 1023 else 11 if len(table) < 2047 else 12
        if len(result) >= size:
            break
    return bytes(result[:size])


def packbits_encode(row: bytes) -> bytes:
    """Runs of two and more bytes become repeats; a repeat of two between literals is taken into them."""
    result, literal, state = bytearray(), 0, "base"
    at = 0
    while at < len(row):
        value, start = row[at], at
        while at < len(row) and row[at] == value:
            at += 1
        count = at - start
        while count:
            if state == "literal, run":
                state = "run"
                if count == 1 and result[-2] == 255 and result[literal] < 126:
                    result[literal] += 2
                    result[-2] = result[-1]
                    state = "base" if result[literal] == 127 else "literal"
            if count > 1:
                state = "literal, run" if state == "literal" else "run"
                taken = min(count, 128)
                result += bytes([257 - taken, value])
                count -= taken
            elif state == "literal":
                result[literal] += 1
                result.append(value)
                state = "base" if result[literal] == 127 else state
                count = 0
            else:
                literal = len(result)
                result += bytes([0, value])
                state, count = "literal", 0
    return bytes(result)


def packbits_decode(data: bytes, size: int) -> bytes:
    result, at = bytearray(), 0
    while at < len(data) and len(result) < size:
        code = data[at]
        at += 1
        if code < 128:
            result += data[at : at + code + 1]
            at += code + 1
        elif code > 128:
            result += data[at : at + 1] * (257 - code)
            at += 1
    return bytes(result[:size])
