"""Rounding and number conversions of Fortran and C on x86-64, for scalars and arrays.

``nint`` follows Fortran's NINT and C's ``lround`` (half away from zero, exact for every value: adding 0.5 first is
wrong for 0.49999997 and for odd numbers above 2**23). Conversions out of range follow the machine instructions the original's
compilers emit: a REAL to INTEGER*4 conversion gives -2**31, one to a narrower integer keeps the low bits of that.
"""

import numpy as np


def anint(values):
    """Nearest whole number, halves away from zero, in the float type of ``values`` (ANINT, DNINT)."""
    values = np.asarray(values)
    whole = np.trunc(values)
    with np.errstate(invalid="ignore"):
        away = np.abs(values - whole) >= values.dtype.type(0.5)
    return np.where(away, whole + np.copysign(values.dtype.type(1), values), whole)[()]


def nint(values, dtype=np.int32):
    """NINT: nearest integer, halves away from zero; through 64 bits, of which ``dtype`` keeps the low ones."""
    values = np.asarray(values)
    with np.errstate(invalid="ignore"):
        if values.dtype == np.float32:  # a half more is exact in double precision
            wide = values.astype(np.float64)
            return (wide + np.copysign(0.5, wide)).astype(np.int64).astype(dtype)[()]
        return np.asarray(anint(values)).astype(np.int64).astype(dtype)[()]


def truncate(values, dtype=np.int32):
    """INT, IFIX, or an assignment of a real to an integer variable: toward zero.

    To 32 bits, numbers out of range give -2**31; to 8 or 16 bits the low bits of the 32-bit result remain.
    """
    dtype = np.dtype(dtype)
    values = np.asarray(values)
    if values.dtype.kind != "f":
        return values.astype(dtype)[()]
    wide = np.int64 if dtype.itemsize == 8 or dtype == np.uint32 else np.int32
    with np.errstate(invalid="ignore"):
        return values.astype(wide).astype(dtype)[()]


def clip(values, low, high):
    """Limit to ``low..high`` in the type of ``values`` (MIN(MAX(x, low), high))."""
    values = np.asarray(values)
    return np.minimum(np.maximum(values, values.dtype.type(low)), values.dtype.type(high))[()]


def wrap_int32(value: int) -> int:
    """A Python integer as an INTEGER*4 that overflowed holds it."""
    return (int(value) + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def accumulate(values, start=None):
    """Sum of ``values`` in order, every addition rounded to their own type, optionally begun with ``start``."""
    values = np.asarray(values)
    if start is not None:
        values = np.concatenate((np.asarray([start], values.dtype), values.ravel()))
    return np.add.accumulate(values.ravel(), dtype=values.dtype)[-1] if values.size else values.dtype.type(0)
