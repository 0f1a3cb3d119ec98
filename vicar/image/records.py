"""Many records at once, in the order of the file. Sources: ``c_xvread.c``, ``c_xvwrit.c`` called in a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vicar.errors import VicarError

if TYPE_CHECKING:
    from vicar.image.image import Image

BYTES_AT_ONCE = 1 << 24


def write_rows(image: Image, rows: np.ndarray) -> None:
    """Write ``rows`` (records x pixels of a record, in the program's format) as the next records of a new image."""
    geometry = image.geometry
    rows = np.atleast_2d(rows)
    if image.binary or image.nbb or image.compress != "NONE" or rows.shape[1] != geometry.samples_in_record:
        for row in rows:
            image.write(row)
        return
    count = max(1, BYTES_AT_ONCE // geometry.recsize)
    for done in range(0, len(rows), count):
        part = rows[done : done + count]
        image._put(image._offset(image.record_number + 1), image._stored(np.ascontiguousarray(part)))
        image.record_number += len(part)
        image._written = max(image._written, image.record_number)


def copy_records(source: Image, result: Image, first: int = 1, count: int | None = None) -> None:
    """Copy records as they come, binary header and prefixes included: ``count`` of them, or until the input ends.

    Records before ``first`` are read but not written. Both images are open BINARY or have no binary parts.
    """
    if count is None and first == 1 and _alike(source, result):
        _copy_bytes(source, result)
        return
    done = 0
    while count is None or done < count:
        try:
            record = source.read()
        except VicarError as error:
            if error.key == "EOF" and count is None:
                return
            raise
        if source.record_number >= first:
            result.write(record)
        done += 1


def _alike(source: Image, result: Image) -> bool:
    """Whether records can be moved byte for byte: same layout, same number formats, nothing missing."""
    one, other = source.geometry, result.geometry
    return (
        (one.n1, one.n2, one.n3, one.nbb, one.nlb, one.recsize, one.pixel)
        == (other.n1, other.n2, other.n3, other.nbb, other.nlb, other.recsize, other.pixel)
        and source._codec.stored == result._codec.stored
        and source._codec.is_native
        and result._codec.is_native
        and source.u_format == result.u_format
        and source.record_number == result.record_number == 0
        and (source.nlb + source.nbb == 0 or (source.binary and result.binary))
        and source.compress == result.compress == "NONE"
        and source._short is None
    )


def _copy_bytes(source: Image, result: Image) -> None:
    total = source.nlb + source.geometry.records
    count = max(1, BYTES_AT_ONCE // source.recsize)
    result._store.reserve(result._offset(1), min(total * source.recsize, source._store.size))
    for done in range(0, total, count):
        part = min(count, total - done)
        data = source._store.bytes_at(source._offset(done + 1), part * source.recsize)
        result._put(result._offset(done + 1), np.frombuffer(data, np.uint8))
    source.record_number = result.record_number = result._written = total
