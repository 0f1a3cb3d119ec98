"""The original's block buffer, for files that are shorter than their label says.

It reads whole buffers of 4096-byte blocks. A short read is not noticed: the rest of the buffer keeps what it held, and
only a buffer that starts behind the end of the file is an end of file. Sources: ``read_rec.c``, ``update_bufstate.c``,
``read_disk_unix.c``.
"""

from __future__ import annotations

from vicar.errors import VicarError
from vicar.image.geometry import buffer_size
from vicar.image.store import ABSURD, Store

BLOCK = 4096


class BlockBuffer:
    """Records (from 0, the label's included) as a sequential reader of the original sees them."""

    def __init__(self, store: Store, base: int, recsize: int):
        self._store, self._base, self._recsize = store, base, recsize
        self._size = buffer_size(recsize)
        self._blocks = self._size // BLOCK
        self._aligned = recsize % self._size == 0 or self._size % recsize == 0
        self._buffer = bytearray()
        self._start = -1  # offset of the buffer, negative while it holds nothing

    @classmethod
    def replayed(cls, store: Store, base: int, recsize: int, number: int) -> BlockBuffer:
        """The buffer of a reader that has come to a record in order: of a file without label, whose end nothing announces."""
        buffer = cls(store, base, recsize)
        for before in range(min(number, store.size // recsize + 1)):
            buffer.record(before)
        return buffer

    def record(self, number: int) -> bytes | None:
        """One record, stale bytes and all; None at the end of the file."""
        if not self._buffer:
            if self._size > 2 * self._store.size + ABSURD:
                raise VicarError("INSUFMEM", "XVREAD", str(self._store.path), detail=f"records of {self._recsize} bytes")
            self._buffer = bytearray(self._size)
        begin, end = number * self._recsize, (number + 1) * self._recsize
        head = tail = b""
        if self._start >= 0:
            held, stop = self._start, self._start + self._size
            if held <= begin and end <= stop:
                return bytes(self._buffer[begin - held : end - held])
            if not self._aligned and held // self._recsize == number:
                tail = bytes(self._buffer[: end - held])
            elif not self._aligned and (stop - 1) // self._recsize == number:
                head = bytes(self._buffer[begin - held :])
        if head:
            place = self._start + self._size
        elif tail:
            place = max(0, self._start - self._size)
        elif self._aligned:
            place = number // (self._size // self._recsize) * self._size
        else:
            place = begin // BLOCK * BLOCK
        if not self._load(place):
            return None
        held = self._start
        if head:
            return head + bytes(self._buffer[: end - held])
        if tail and end > held + self._size:
            return bytes(self._buffer[begin - held :]) + tail
        return bytes(self._buffer[begin - held : end - held])

    def _load(self, place: int) -> bool:
        data = self._store.bytes_at(self._base + place, self._size)
        self._buffer[: len(data)] = data
        self._start = place
        return bool(data)
