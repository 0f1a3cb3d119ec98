"""Number formats of the machines that wrote VICAR files: LOW and HIGH integers; IEEE, RIEEE and VAX reals.

Sources: ``determine_translation.c``, ``conv_vax_ieee_r.c``, ``conv_vax_ieee_d.c``. VAX is F for REAL and COMP and D for
DOUB. The special cases are part of the contract: VAX minus zero is a NaN, what VAX cannot hold becomes its largest
number, D loses its three lowest mantissa bits toward zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from vicar.image.formats import DTYPES
from vicar.image.header import number_formats

_ORDER: dict[str, Literal["<", ">"]] = {"LOW": "<", "HIGH": ">", "RIEEE": "<", "IEEE": ">"}
_SIGN4, _SIGN8 = np.uint32(0x80000000), np.uint64(0x8000000000000000)


@dataclass(frozen=True)
class Codec:
    """How one file's pixels become native arrays and back.

    ``stored`` is the dtype as it lies in the file (an opaque one for VAX reals), ``native`` the dtype of this machine.
    """

    format: str
    stored: np.dtype
    native: np.dtype
    vax: bool

    @property
    def size(self) -> int:
        return self.native.itemsize

    @property
    def is_native(self) -> bool:
        return self.stored == self.native

    def decode(self, stored: np.ndarray) -> np.ndarray:
        """Native values of stored pixels (the same array when nothing has to change)."""
        if not self.vax:
            return stored.astype(self.native, copy=False)
        words = np.ascontiguousarray(stored)
        if self.format == "DOUB":
            return _in_pieces(vax_d_to_ieee, words.view("<u8")).view(self.native)
        return _in_pieces(vax_f_to_ieee, words.view("<u4")).view(self.native)

    def encode(self, values: np.ndarray) -> np.ndarray:
        """Stored form of native values."""
        if not self.vax:
            return values.astype(self.stored, copy=False)
        values = np.ascontiguousarray(values)
        if self.format == "DOUB":
            return _in_pieces(ieee_to_vax_d, values.view(np.uint64)).view(self.stored)
        return _in_pieces(ieee_to_vax_f, values.view(np.uint32)).view(self.stored)


def codec(format: str, intfmt: str, realfmt: str, routine: str = "XVOPEN", file: str = "") -> Codec:
    """The codec of a file; BADFOR, BADINTFMT or BADREALFMT for a name that is none."""
    name, intfmt, realfmt = number_formats(format, intfmt, realfmt, routine, file)
    native = DTYPES[name]
    if native.kind in "iu":
        return Codec(name, native.newbyteorder(_ORDER[intfmt]), native, False)
    if realfmt == "VAX":
        return Codec(name, np.dtype(f"V{native.itemsize}"), native, True)
    return Codec(name, native.newbyteorder(_ORDER[realfmt]), native, False)


def _in_pieces(convert, words: np.ndarray) -> np.ndarray:
    """``convert`` over a contiguous array, in pieces that stay in the cache."""
    flat, result = words.reshape(-1), np.empty(words.shape, words.dtype)
    out = result.reshape(-1)
    for start in range(0, len(flat), 1 << 15):
        out[start : start + (1 << 15)] = convert(flat[start : start + (1 << 15)])
    return result


def _swap_words4(words: np.ndarray) -> np.ndarray:
    return (words >> np.uint32(16)) | (words << np.uint32(16))


def _swap_words8(words: np.ndarray) -> np.ndarray:
    low, high = np.uint64(0x0000FFFF0000FFFF), np.uint64(16)
    words = ((words >> high) & low) | ((words & low) << high)
    return (words >> np.uint64(32)) | (words << np.uint64(32))


def vax_f_to_ieee(stored: np.ndarray) -> np.ndarray:
    """uint32 words as a little-endian machine reads them from a VAX file -> uint32 bits of IEEE single precision."""
    bits = _swap_words4(stored.astype(np.uint32, copy=False))
    exponent = (bits >> np.uint32(23)) & np.uint32(0xFF)
    result = bits - np.uint32(2 << 23)
    low = exponent < 3
    if low.any():
        sign, mantissa = bits & _SIGN4, bits & np.uint32(0x7FFFFF)
        # exponents 1 and 2 become denormals: the hidden bit appears and bits fall off the end
        hidden = mantissa | np.uint32(0x800000)
        result = np.where(exponent == 2, sign | (hidden >> np.uint32(1)), result)
        result = np.where(exponent == 1, sign | (hidden >> np.uint32(2)), result)
        nothing = np.where(sign != 0, np.uint32(0x7FFFFFFF), np.uint32(0))
        result = np.where(exponent == 0, nothing, result)
    return result


def ieee_to_vax_f(bits: np.ndarray) -> np.ndarray:
    """uint32 bits of IEEE single precision -> uint32 words to store on a little-endian machine."""
    exponent = (bits >> np.uint32(23)) & np.uint32(0xFF)
    result = bits + np.uint32(2 << 23)
    special = (exponent == 0) | (exponent >= 254)
    if special.any():
        sign, mantissa = bits & _SIGN4, bits & np.uint32(0x7FFFFF)
        result = np.where(exponent >= 254, sign | np.uint32(0x7FFFFFFF), result)
        half = (mantissa & np.uint32(0x400000)) != 0
        quarter = (mantissa & np.uint32(0x200000)) != 0
        once = sign | np.uint32(0x01000000) | ((mantissa << np.uint32(1)) & np.uint32(0x7FFFFF))
        twice = sign | np.uint32(0x00800000) | ((mantissa << np.uint32(2)) & np.uint32(0x7FFFFF))
        small = np.where(half, once, np.where(quarter, twice, np.uint32(0)))
        result = np.where(exponent == 0, small, result)
    return _swap_words4(result)


def vax_d_to_ieee(stored: np.ndarray) -> np.ndarray:
    """uint64 words as a little-endian machine reads them from a VAX file -> uint64 bits of IEEE double precision."""
    bits = _swap_words8(stored.astype(np.uint64, copy=False))
    exponent = (bits >> np.uint64(55)) & np.uint64(0xFF)
    sign, mantissa = bits & _SIGN8, bits & np.uint64((1 << 55) - 1)
    result = sign | ((exponent + np.uint64(894)) << np.uint64(52)) | (mantissa >> np.uint64(3))
    zero = exponent == 0
    if zero.any():
        nothing = np.where(sign != 0, np.uint64(0x7FFFFFFFFFFFFFFF), np.uint64(0))
        result = np.where(zero, nothing, result)
    return result


def ieee_to_vax_d(bits: np.ndarray) -> np.ndarray:
    """uint64 bits of IEEE double precision -> uint64 words to store on a little-endian machine."""
    exponent = (bits >> np.uint64(52)) & np.uint64(0x7FF)
    sign, mantissa = bits & _SIGN8, bits & np.uint64((1 << 52) - 1)
    result = sign | ((exponent - np.uint64(894)) << np.uint64(55)) | (mantissa << np.uint64(3))
    result = np.where(exponent >= 1150, sign | np.uint64(0x7FFFFFFFFFFFFFFF), result)
    result = np.where(exponent <= 894, np.uint64(0), result)
    return _swap_words8(result)
