"""Products and quotients of complex and real numbers as Fortran forms them.

The real one becomes complex first, which shows in the signs of zeros.
"""

from __future__ import annotations

import numpy as np

ZERO = np.float32(0)


def times(values: np.ndarray, factor) -> np.ndarray:
    """complex64 times REAL (a number or an array)."""
    product = np.empty_like(values)
    with np.errstate(all="ignore"):
        product.real = values.real * factor - values.imag * ZERO
        product.imag = values.real * ZERO + values.imag * factor
    return product


def over(values: np.ndarray, divisor) -> np.ndarray:
    """complex64 over REAL."""
    quotient = np.empty_like(values)
    with np.errstate(all="ignore"):
        quotient.real = (values.real + values.imag * ZERO) / divisor
        quotient.imag = (values.imag - values.real * ZERO) / divisor
    return quotient
