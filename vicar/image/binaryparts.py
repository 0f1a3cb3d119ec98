"""Records as COND=BINARY sees them: prefix bytes as they lie in the file, pixels in the program's format, header records raw.

Sources: ``c_xvread.c``, ``c_xvwrit.c``. A position in such a record counts prefix bytes and pixels alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vicar.image.image import Image


def read_record(image: Image, record: int, start: int, count: int | None) -> np.ndarray:
    """``count`` prefix bytes and pixels of a record from ``start`` (from 0) on, all of them without a count; uint8."""
    g = image.geometry
    raw = np.frombuffer(image._store.bytes_at(image._offset(record), g.recsize).ljust(g.recsize, b"\0"), np.uint8)
    image.record_number = record
    first, length = _span(image, start, count)
    if record > g.nlb:
        pixels = raw[g.nbb : g.nbb + g.samples_in_record * g.pixel].view(image._codec.stored)
        raw = np.concatenate([raw[: g.nbb], np.ascontiguousarray(image._native(pixels)).view(np.uint8)])
    part = raw[first : first + length]
    return np.concatenate([part, np.zeros(length - len(part), np.uint8)]) if count else part


def write_record(image: Image, record: int, start: int, data: np.ndarray, count: int | None) -> None:
    """Write what `read_record` gives; what reaches over the end of the record is dropped."""
    g, size = image.geometry, image.dtype.itemsize
    first, length = _span(image, start, count)
    data = data[:length]
    if record <= g.nlb:
        image._put(image._offset(record) + first, data[: g.recsize - first])
        return
    prefix = max(0, min(g.nbb - first, len(data)))
    if prefix:
        image._put(image._offset(record) + first, data[:prefix])
    pixels = data[prefix:]
    pixels = pixels[: len(pixels) // size * size].copy().view(image.dtype)
    at = max(0, first - g.nbb) // size
    pixels = pixels[: max(0, g.samples_in_record - at)]
    if len(pixels):
        image._put(image._offset(record) + g.nbb + at * g.pixel, image._stored(pixels))


def _span(image: Image, start: int, count: int | None) -> tuple[int, int]:
    """First byte and number of bytes, in the program's terms."""
    g, size = image.geometry, image.dtype.itemsize
    inside = min(g.nbb, start)
    first = inside + (start - inside) * size
    if not count:
        return first, g.n1 * size + g.nbb
    prefix = max(min(g.nbb, start + count) - start, 0)
    return first, prefix + (count - prefix) * size
