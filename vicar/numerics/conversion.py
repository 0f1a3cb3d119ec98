"""Casts between pixel types as the run-time library does them: plain C casts of an x86-64 machine.

Source: ``convert.c``. Nothing is rounded, scaled or clipped. A float becomes an integer by truncation to int32 (anything
outside its range, infinities and NaN give -2147483648) of which the low 8 or 16 bits are kept; integers keep their low
bits; COMP gives its real part and is filled with an imaginary part of 0.
"""

from __future__ import annotations

import numpy as np

INT32_MIN = -(2**31)
PIECE = 1 << 15  # values converted at a time, so that what lies between stays in the cache


def to_int32(values: np.ndarray) -> np.ndarray:
    """Truncate float32 or float64 toward zero to int32; what does not fit becomes -2147483648. Same shape."""
    values = np.asarray(values)
    # the largest float32 below 2**31 and every float64 below it truncate in range; NaN fails both comparisons
    if values.size and values.max() < 2147483648.0 and values.min() > -2147483649.0:
        return values.astype(np.int32)
    fits = (values < 2147483648.0) & (values > -2147483649.0)
    return np.where(fits, values, values.dtype.type(INT32_MIN)).astype(np.int32)


def _truncated(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Floats as integers; large arrays piece by piece."""
    if values.size <= PIECE or not values.flags.c_contiguous:
        return to_int32(values).astype(dtype)
    flat, result = values.reshape(-1), np.empty(values.shape, dtype)
    room = result.reshape(-1)
    for start in range(0, flat.size, PIECE):
        room[start : start + PIECE] = to_int32(flat[start : start + PIECE])
    return result


def cast(values: np.ndarray, dtype) -> np.ndarray:
    """``values`` as ``dtype`` (any of uint8, int16, int32, float32, float64, complex64); the input itself if it is that.

    Wider types than the original has (int64, bool, complex128 ...) are first brought to the nearest one it has.
    """
    dtype = np.dtype(dtype)
    values = np.asarray(values)
    if values.dtype == dtype:
        return values
    if values.dtype.kind == "c":
        if dtype.kind == "c":
            return values.astype(dtype)
        values = values.real
    if values.dtype.kind == "f" and dtype.kind in "iu":
        if values.dtype.itemsize not in (4, 8):
            values = values.astype(np.float64)
        return _truncated(values, dtype)
    with np.errstate(over="ignore"):
        return values.astype(dtype)
