"""REALCON (vos/p2/sub/realcon): a REAL in a field of n characters with as many digits as fit."""

import numpy as np

from vicar.numerics import fortran, libm


def realcon(value, width: int) -> str:
    """Fixed point if the digits fit, else exponent form, else stars; the digit counts come from a float32 logarithm."""
    value = np.float32(value)
    if np.isnan(value):
        return fortran.fixed(value, width, width - 2)
    if np.isinf(value):
        return "*" * width
    negative = 1 if value < 0 else 0
    size = abs(value) if value != 0 else np.float32(1)
    logarithm = libm.log10(np.float32(size))
    if logarithm >= 0:
        whole = int(logarithm + np.float32(1)) + negative
        decimals = width - whole - 1
        if decimals >= 0:
            return fortran.fixed(value, width, decimals)
        if logarithm == 0:
            logarithm = np.float32(1)
    else:
        decimals = width - 2 - negative
        if decimals >= int(-logarithm) + 1:
            return fortran.fixed(value, width, decimals)
        logarithm = -logarithm
        if logarithm != np.trunc(logarithm):
            logarithm = logarithm + np.float32(1)
    digits = int(libm.log10(np.float32(logarithm)) + np.float32(1))
    decimals = width - 4 - digits - negative
    return "*" * width if decimals < 0 else fortran.exponent(value, width, decimals, digits, 1)
