"""Tables and counts of bytes, a piece at a time so that what is between stays in the cache."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import as_input, kernel

PIECE = 1 << 16
PLACES = 1 << 15
PAIRS = 1 << 19
BLOCKS = 16  # the least number of such arrays an image is thought to consist of


def through_table(table: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``table[values]`` for 256 entries and values of one byte each; same shape. Bytes have a quicker way."""
    if table.itemsize != 1:
        return np.take(table, values)
    flat = np.ascontiguousarray(values).reshape(-1)
    result, entries = np.empty(flat.size, table.dtype), table.tobytes()
    for start in range(0, flat.size, PIECE):
        piece = flat[start : start + PIECE].tobytes().translate(entries)
        result[start : start + PIECE] = np.frombuffer(piece, table.dtype)
    return result.reshape(values.shape)


def through_two(table: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """``table[first, second]`` for 256 x 256 entries and bytes; same shape."""
    one, two = np.ascontiguousarray(first).reshape(-1), np.ascontiguousarray(second).reshape(-1)
    entries, result = table.reshape(-1), np.empty(one.size, table.dtype)
    compiled = through_pairs.pick(one.size * BLOCKS)
    if compiled is not None:
        compiled(as_input(entries), as_input(one), as_input(two), result)
        return result.reshape(first.shape)
    for start in range(0, one.size, PLACES):
        here = slice(start, start + PLACES)
        place = one[here].astype(np.intp)  # what take would make of it
        place <<= 8
        place |= two[here]
        result[here] = entries.take(place)
    return result.reshape(first.shape)


def count_bytes(values: np.ndarray) -> np.ndarray:
    """How often each of the 256 values occurs, int64; pairs of bytes are counted together."""
    flat = np.ascontiguousarray(values).reshape(-1)
    if flat.size and (compiled := tally.pick(flat.size * BLOCKS)):
        rows = np.zeros((4, 256), np.int64)
        compiled(as_input(flat), rows)
        return rows.sum(axis=0)
    even = flat.size // 2 * 2 if flat.size >= PAIRS else 0
    pairs, counts = flat[:even].view(np.uint16), np.zeros(65536, np.int64)
    for start in range(0, pairs.size, PAIRS):
        counts += np.bincount(pairs[start : start + PAIRS], minlength=65536)
    counts = counts.reshape(256, 256)
    return counts.sum(axis=0) + counts.sum(axis=1) + np.bincount(flat[even:], minlength=256)


def count_halfwords(values: np.ndarray) -> np.ndarray:
    """How often each value of int16 occurs, int64, from -32768 on."""
    flat = np.ascontiguousarray(values).reshape(-1).view(np.uint16)
    if flat.size and (compiled := tally.pick(flat.size * BLOCKS)):
        rows = np.zeros((1, 65536), np.uint32)
        compiled(as_input(flat), rows)
        return np.roll(rows[0], 32768).astype(np.int64)
    counts = np.zeros(65536, np.int64)
    for start in range(0, flat.size, PAIRS):
        counts += np.bincount(flat[start : start + PAIRS], minlength=65536)
    return np.roll(counts, 32768)


@kernel(above=64_000_000)
def through_pairs(entries, one, two, out):
    for n in range(out.shape[0]):
        out[n] = entries[(np.uint64(one[n]) << np.uint64(8)) | np.uint64(two[n])]


@kernel(above=64_000_000)
def tally(values, counts):
    """Count unsigned numbers; neighbours, often alike, in the rows of ``counts`` (1, 2, 4 ...) by turns."""
    mask = counts.shape[0] - 1
    for n in range(values.shape[0]):
        counts[n & mask, values[n]] += 1
