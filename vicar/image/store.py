"""Bytes of a file: mapped for reading, written in place for updates, or built beside the old file and put under its name.

Nothing here knows labels or pixels. Offsets are bytes from the start of the file.
"""

from __future__ import annotations

import errno
import math
import mmap
import os
import stat
from pathlib import Path

import numpy as np

from vicar.errors import VicarError

FURTHEST = 1 << 50  # no file of ours ends beyond
ABSURD = 1 << 24  # bytes a file may be short of without being refused


class Store:
    """A file opened for reading (``writable=False``) or for reading and writing in place."""

    def __init__(self, path: str | os.PathLike, writable: bool = False):
        self.path = Path(path)
        self.writable = writable
        self.fd = os.open(self.path, (os.O_RDWR if writable else os.O_RDONLY) | os.O_CLOEXEC)
        self._map: mmap.mmap | None = None
        self.size = os.fstat(self.fd).st_size
        if not writable and self.size and stat.S_ISREG(os.fstat(self.fd).st_mode):
            try:
                self._map = mmap.mmap(self.fd, 0, access=mmap.ACCESS_READ)
                self.size = len(self._map)
            except (OSError, ValueError):
                self._map = None  # not mappable: read in pieces

    def bytes_at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes; fewer at the end of the file."""
        if length <= 0:
            return b""
        if self._map is not None:
            return self._map[offset : offset + length]
        now = os.fstat(self.fd)
        if stat.S_ISREG(now.st_mode):
            length = min(length, max(0, now.st_size - offset))
        parts = []
        while length > 0:
            part = os.pread(self.fd, min(length, 1 << 30), offset)
            if not part:
                break
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def array(self, offset: int, count: int, dtype: np.dtype) -> np.ndarray:
        """``count`` items at ``offset``, read-only; what lies behind the end of the file is zero."""
        if self._map is not None and offset + count * dtype.itemsize <= self.size:
            return np.frombuffer(self._map, dtype, count, offset)
        return self.strided(offset, (count,), (dtype.itemsize,), dtype)

    def strided(self, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """A strided read-only view of the file, zeros behind its end; only the span it covers is read.

        Raises `VicarError` INSUFMEM when nearly all of it would be such zeros: an absurd label, not a truncated file.
        """
        if 0 in shape:
            return np.zeros(shape, dtype)
        span = sum((n - 1) * step for n, step in zip(shape, strides)) + dtype.itemsize
        if self._map is not None and offset + span <= self.size and math.prod(shape) * dtype.itemsize <= 2 * self.size + ABSURD:
            whole = np.frombuffer(self._map, np.uint8)  # keeps the map from being closed; ndarray's buffer would not
            return np.ndarray(shape, dtype, whole, offset, strides)
        if max(span, math.prod(shape) * dtype.itemsize) > 2 * self.size + ABSURD:
            raise VicarError("INSUFMEM", "XVREAD", str(self.path), detail=f"{span} bytes wanted of a file of {self.size}")
        data = self.bytes_at(offset, span)
        if len(data) < span:
            data = data.ljust(span, b"\0")
        return np.ndarray(shape, dtype, data, 0, strides)

    def write(self, offset: int, data) -> None:
        """Write all of a bytes-like object."""
        if offset < 0 or offset > FURTHEST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        view = memoryview(data).cast("B")
        while view:
            done = os.pwrite(self.fd, view[: 1 << 30], offset)
            offset += done
            view = view[done:]
        self.size = max(self.size, offset)

    def truncate(self, size: int) -> None:
        os.ftruncate(self.fd, size)
        self.size = size

    def close(self) -> None:
        """Give the file back; views that somebody still holds stay valid."""
        if self._map is not None:
            try:
                self._map.close()
            except BufferError:
                pass  # a view lives on; the map goes with it
            self._map = None
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    commit = discard = close


class NewStore(Store):
    """A file that comes into being: written without a name (or under a hidden one), named by ``commit``.

    Until then a file already there stays as it was, and can be read. A killed process leaves it alone; where the file
    system can write nameless files it leaves nothing else either. Devices, pipes and files in folders we may not write
    to are written in place.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(os.path.realpath(path))
        self.writable = True
        self._map = None
        self.size = 0
        self._hidden: Path | None = None
        old = self._existing()
        folder = self.path.parent
        if old is not None and not stat.S_ISREG(old.st_mode) or old is not None and not os.access(folder, os.W_OK):
            self._in_place = True
            self.fd = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
            return
        self._in_place = False
        if old is not None:
            os.close(os.open(self.path, os.O_RDWR | os.O_CLOEXEC))  # no permission is an error now, not at the end
        mode = stat.S_IMODE(old.st_mode) if old is not None else 0o666
        try:
            self.fd = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, mode)
        except (OSError, AttributeError):
            self._hidden = self._hidden_name()
            self.fd = os.open(self._hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        if old is not None:
            os.fchmod(self.fd, mode)

    def _existing(self) -> os.stat_result | None:
        try:
            return os.stat(self.path)
        except FileNotFoundError:
            return None

    def _hidden_name(self) -> Path:
        return self.path.with_name(f".{self.path.name[:200]}.{os.getpid()}.{os.urandom(4).hex()}")

    def commit(self) -> None:
        """Put the file under its name, in one step, and close it."""
        if self.fd < 0:
            return
        if not self._in_place:
            if self._hidden is None:
                self._hidden = self._hidden_name()
                folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    # the folder descriptor makes Python use linkat, which follows the descriptor's link
                    os.link(f"/proc/self/fd/{self.fd}", self._hidden, src_dir_fd=folder, follow_symlinks=True)
                finally:
                    os.close(folder)
            os.rename(self._hidden, self.path)
            self._hidden = None
        self.close()

    def discard(self) -> None:
        """Forget what was written."""
        if self.fd < 0:
            return
        self.close()
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)
            self._hidden = None

    def truncate(self, size: int) -> None:
        if stat.S_ISREG(os.fstat(self.fd).st_mode):
            super().truncate(size)

    def __del__(self):
        if getattr(self, "fd", -1) >= 0:
            self.discard()
