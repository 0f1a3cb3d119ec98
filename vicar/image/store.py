"""Bytes of a file: mapped for reading, written in place for updates, or built beside the old file and put under its name.

Nothing here knows labels or pixels, and numpy comes with the first array. Offsets are bytes from the start of the file.
"""

from __future__ import annotations

import contextlib
import errno
import math
import mmap
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from vicar.errors import VicarError

if TYPE_CHECKING:
    import numpy as np

FURTHEST = 1 << 50  # no file of ours ends beyond
RESERVED_FROM = 1 << 20
ABSURD = 1 << 24  # bytes a file may be short of without being refused


class Store:
    """A file opened for reading (``writable=False``) or for reading and writing in place."""

    def __init__(self, path: str | os.PathLike, writable: bool = False):
        self.path = Path(path)
        self.writable = writable
        self.fd = os.open(self.path, (os.O_RDWR if writable else os.O_RDONLY) | os.O_CLOEXEC)
        found = os.fstat(self.fd)
        self.size = found.st_size
        self._map: mmap.mmap | None = None
        self._mappable = not writable and found.st_size > 0 and stat.S_ISREG(found.st_mode)

    def _mapped(self) -> mmap.mmap | None:
        """The whole file as memory from the first array on, or None: a file that is written, or no file."""
        if self._mappable and self._map is None:
            try:
                self._map = mmap.mmap(self.fd, self.size, access=mmap.ACCESS_READ)
            except (OSError, ValueError):
                self._mappable = False  # read in pieces
        return self._map

    def bytes_at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes; fewer at the end of the file, none where no file can be."""
        if length <= 0 or not 0 <= offset <= FURTHEST:
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
        if offset + count * dtype.itemsize <= self.size and (mapped := self._mapped()) is not None:
            from numpy import frombuffer

            return frombuffer(mapped, dtype, count, offset)
        return self.strided(offset, (count,), (dtype.itemsize,), dtype)

    def strided(self, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """A strided read-only view of the file, zeros behind its end; only the span it covers is read.

        Raises `VicarError` INSUFMEM when nearly all of it would be such zeros: an absurd label, not a truncated file.
        """
        import numpy as np

        if 0 in shape:
            return np.zeros(shape, dtype)
        span = sum((n - 1) * step for n, step in zip(shape, strides)) + dtype.itemsize
        absurd = max(span, math.prod(shape) * dtype.itemsize) > 2 * self.size + ABSURD
        if not absurd and offset + span <= self.size and (mapped := self._mapped()) is not None:
            whole = np.frombuffer(mapped, np.uint8)  # keeps the map from being closed; ndarray's buffer would not
            return np.ndarray(shape, dtype, whole, offset, strides)
        if absurd:
            raise VicarError("INSUFMEM", "XVREAD", str(self.path), detail=f"{span} bytes wanted of a file of {self.size}")
        data = self.bytes_at(offset, span)
        if len(data) < span:
            data = data.ljust(span, b"\0")
        return np.ndarray(shape, dtype, data, 0, strides)

    def read_into(self, offset: int, out: np.ndarray) -> np.ndarray:
        """Fill a contiguous array from a place where the file has as many bytes; gives ``out``."""
        view = memoryview(out).cast("B")
        while view:
            done = os.preadv(self.fd, [view[: 1 << 30]], offset)
            if not done:  # somebody cut the file off while it was open
                view[:] = bytes(len(view))
                break
            offset += done
            view = view[done:]
        return out

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

    def reserve(self, offset: int, length: int) -> None:
        """Say that so much is about to be written; only a file in the making profits."""

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
        self._mappable = False
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
            try:
                self.fd = os.open(self._hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
            except OSError as error:  # about the file that is wanted, not about our name for it
                raise OSError(error.errno, error.strerror, str(self.path)) from None
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

    def reserve(self, offset: int, length: int) -> None:
        """Let the file system find room in one go, which makes writing a third faster."""
        if self._in_place or length < RESERVED_FROM or offset + length > FURTHEST:
            return
        with contextlib.suppress(OSError):  # what is really wrong, a full disk say, is met by the writing
            os.posix_fallocate(self.fd, offset, length)

    def truncate(self, size: int) -> None:
        if stat.S_ISREG(os.fstat(self.fd).st_mode):
            super().truncate(size)

    def __del__(self):
        if getattr(self, "fd", -1) >= 0:
            self.discard()
