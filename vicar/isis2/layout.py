"""Where the items of a qube lie: number formats, core, suffixes.

Verified on five real cubes: items are stored in AXIS_NAME order, the first axis fastest; a row of the first axis is its core
items, then its suffix items in SUFFIX_BYTES each, whatever their own size (a smaller value sits in the first bytes). After
the rows of a plane come the suffix rows of the second axis, after the planes the suffix planes of the third. Suffix rows and
planes cross the suffix items of faster axes in corners, which are stored with the slower axis (help of VICAR's VISISX).

The original VISISX read back what `vicar.isis2.writer` wrote: the core in seven number formats with suffixes on none, each
and all of the axes, and the suffix planes themselves (those in this machine's reals, which are all it can read). Cubes of
bytes, halfwords and reals that VISISX wrote read back here; with backplanes its own files do not hold together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.image.hosts import ieee_to_vax_f, vax_f_to_ieee
from vicar.isis2.errors import IsisError

AXES = ("SAMPLE", "LINE", "BAND")
_LITTLE = ("PC", "LSB", "VAX")
_BIG = ("SUN", "IEEE", "MSB", "MAC", "")


@dataclass(frozen=True)
class Number:
    """One number format: ``dtype`` as it lies in the file (for VAX reals the 32-bit words), ``vax`` for VAX reals."""

    name: str
    dtype: np.dtype
    vax: bool = False

    @property
    def real(self) -> bool:
        return self.vax or self.dtype.kind == "f"

    def bits(self, stored: np.ndarray) -> np.ndarray:
        """What special pixels are compared with: the integers themselves, or the bit patterns of reals."""
        if self.dtype.kind == "f":
            return np.ascontiguousarray(stored).view(self.dtype.str.replace("f", "u"))
        return stored

    def native(self, stored: np.ndarray) -> np.ndarray:
        """Numbers of this machine."""
        if self.vax:
            return vax_f_to_ieee(np.ascontiguousarray(stored).astype(np.uint32)).view(np.float32)
        return stored.astype(self.dtype.newbyteorder("="), copy=False)

    def stored(self, native: np.ndarray) -> np.ndarray:
        """Numbers of this machine as they are stored; they must fit."""
        if self.vax:
            return ieee_to_vax_f(np.ascontiguousarray(native, np.float32).view(np.uint32)).astype(self.dtype)
        return native.astype(self.dtype, copy=False)


def number(item_type: str, size: int) -> Number:
    """The number format of a label's ITEM_TYPE and ITEM_BYTES."""
    name = item_type.upper()
    prefix, _, rest = name.partition("_")
    if prefix in ("INTEGER", "UNSIGNED", "REAL"):
        prefix, rest = "", name
    kind = {"INTEGER": "i", "UNSIGNED_INTEGER": "u", "REAL": "f"}.get(rest)
    if kind is None or prefix not in _LITTLE + _BIG or size not in ((4,) if kind == "f" else (1, 2, 4)):
        raise IsisError("ITEMTYPE", f"Items of type {item_type} with {size} bytes cannot be read")
    if prefix == "VAX" and kind == "f":
        if size != 4:
            raise IsisError("ITEMTYPE", f"Items of type {item_type} with {size} bytes cannot be read")
        return Number(name, np.dtype("<u4"), True)
    return Number(name, np.dtype(f"{'<' if prefix in _LITTLE else '>'}{kind}{size}"))


@dataclass(frozen=True)
class Layout:
    """Sizes of a qube in storage order; offsets and strides are bytes from the start of the qube."""

    names: tuple[str, ...]
    core: tuple[int, ...]
    item: int
    suffixes: tuple[int, ...]
    suffix_item: int

    @property
    def strides(self) -> tuple[int, int, int]:
        """Bytes from one core item to the next along each storage axis."""
        row = self.core[0] * self.item + self.suffixes[0] * self.suffix_item
        return self.item, row, self.core[1] * row + self.suffixes[1] * self._slots(0)

    @property
    def size(self) -> int:
        return self.core[2] * self.strides[2] + self.suffixes[2] * self._slots(1)

    def _slots(self, last: int) -> int:
        """Bytes of one suffix row (last 0) or plane (last 1), corners included."""
        count = self.suffix_item
        for axis in range(last + 1):
            count *= self.core[axis] + self.suffixes[axis]
        return count

    def suffix(self, axis: int, index: int) -> tuple[int, tuple[int, ...]]:
        """Offset of a suffix plane, and its strides along the three storage axes (0 along its own)."""
        row, plane = self.strides[1:]
        if axis == 0:
            return self.core[0] * self.item + index * self.suffix_item, (0, row, plane)
        if axis == 1:
            return self.core[1] * row + index * self._slots(0), (self.suffix_item, 0, plane)
        return self.core[2] * plane + index * self._slots(1), (self.suffix_item, self._slots(0), 0)

    def order(self) -> tuple[int, int, int]:
        """Storage axes of BAND, LINE and SAMPLE."""
        return self.names.index("BAND"), self.names.index("LINE"), self.names.index("SAMPLE")

    @property
    def contiguous(self) -> bool:
        """Whether whole lines follow each other without gaps (band sequential, nothing behind the lines)."""
        return self.names[:2] == ("SAMPLE", "LINE") and self.suffixes[0] == 0
