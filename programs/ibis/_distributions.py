"""Distribution functions of IBISSTAT in single precision, as its routines approximate them (``vos/p2/prog/ibisstat``).

All take arrays (or numbers) of float32 and give float32; every operation is rounded as in the original.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm

F = np.float32
_GAMMA = [F(v) for v in (-0.5771916, 0.9882058, -0.8970569, 0.9182068, -0.7567040, 0.4821993, -0.1935278, 0.0358683)]
_RELATIVE_ERROR = F(1e-7)
_TWO_OVER_PI = F(2.0) / F(3.1415927)
_ANGLE = F(0.63661977)


def _polynomial(x, *coefficients):
    """c0 + c1 x[0] + c2 x[1] ..., added from the left; ``x`` holds the powers."""
    total = F(coefficients[0])
    for power, coefficient in zip(x, coefficients[1:], strict=True):
        total = total + power * F(coefficient)
    return total


def normal(x) -> np.ndarray:
    """Standard normal distribution (PHI)."""
    x = np.asarray(x, F)
    t = x / F(1.4142136)
    v, u = np.abs(t), t * t
    with np.errstate(all="ignore"):
        near = ((F(0.31665289) * u + F(1.7222758)) * u + F(21.385332)) / ((u + F(7.8437457)) * u + F(18.952257)) * t
        x2 = v * v
        x3, x4 = v * x2, x2 * x2
        tail = libm.exp(-x2)
        middle = tail * _polynomial((v, x2, x3), 6.1337529, 6.1772458, 2.8501393, 0.56409092) / (
            _polynomial((v, x2, x3), 6.1337546, 13.098327, 11.497651, 5.0472398) + x4
        )
        far = tail * (F(0.14845921) + v * F(0.56418774)) / (F(0.51143728) + v * F(0.26277059) + x2)
        far = np.where((x < 0) & (v <= F(13.0)), far, F(0))
        rest = np.where(v <= F(8.0), middle, far)
        outside = np.where(x < 0, F(0.5) * rest, F(0.5) - F(0.5) * rest + F(0.5))
        return np.where(v <= F(0.5), F(0.5) + F(0.5) * near, outside).astype(F)


def student(degrees: int, t) -> np.ndarray:
    """Student's distribution (STUDIS)."""
    with np.errstate(all="ignore"):
        angle = libm.atan(np.asarray(t, F) / np.sqrt(F(degrees)))
        w = libm.cos(angle)
        a = w * w
        if degrees == 1:
            both = _TWO_OVER_PI * angle
        elif degrees % 2:
            total = w
            for r in range(2, degrees - 2, 2):
                w = w * (F(r) / F(r + 1)) * a
                total = total + w
            both = _TWO_OVER_PI * (angle + libm.sin(angle) * total)
        else:
            w = total = np.ones_like(a)
            for r in range(1, degrees - 2, 2):
                w = w * F(r) / F(r + 1) * a
                total = w + total
            both = libm.sin(angle) * total
        return (F(0.5) * both + F(0.5)).astype(F)


def chi_squared(x, degrees) -> np.ndarray:
    """Chi-squared distribution (CHI2)."""
    x, degrees = np.asarray(x, F), F(degrees)
    with np.errstate(all="ignore"):
        approximate = normal((x - degrees) / np.sqrt(F(2) * degrees))
        return np.where(x < F(160.0), _gamma(np.where(x < F(160.0), x, F(1)) / F(2), degrees / F(2)), approximate).astype(F)


def _gamma(x, a: np.float32) -> np.ndarray:
    """Gamma distribution (GAMINC): a series added up until a term no longer counts; -1 where it cannot begin."""
    whole = int(a)
    part = F(a - F(whole))
    divisor = _GAMMA[-1]
    for coefficient in reversed(_GAMMA[:-1]):
        divisor = coefficient + part * divisor
    term = libm.exp(-x + part * libm.log(x)) / (F(1) + part * divisor)
    for i in range(1, whole + 1):
        term = term * x / (part + F(i))
    total, f = term.copy(), F(a + F(1))
    running = (x > 0) & (term != 0)
    while running.any():
        term = term * x / f
        running &= term / total >= _RELATIVE_ERROR
        total = np.where(running, total + term, total)
        f = F(f + F(1))
    total = np.where(total == 0, F(-1), total)
    return np.where(x > 0, total, F(0)).astype(F)


def _power(x, n: int):
    """Whole powers by squaring, as gfortran does them."""
    result = x if n % 2 else np.ones_like(x)
    n >>= 1
    while n:
        x = x * x
        if n % 2:
            result = result * x
        n >>= 1
    return result


def fisher(f, n1: int, n2: int) -> np.ndarray:
    """Fisher's distribution (FISH)."""
    f = np.asarray(f, F)
    with np.errstate(all="ignore"):
        if n1 >= 100 and n2 >= 100:
            d1, d2 = F(n1), F(n2)
            ratio = (d1 / d2) * f
            distance = np.sqrt((F(2) * d2 - F(1)) * ratio) - np.sqrt(F(2) * d1 - F(1))
            return normal(distance / np.sqrt(F(1) + ratio))
        x = F(n2) / (F(n2) + F(n1) * f)
        if n1 % 2 and n2 % 2:
            return _fisher_odd(x, n1, n2)
        swapped = n2 % 2 == 0 and (n1 % 2 == 1 or n1 > n2)
        if swapped:
            n1, n2, x = n2, n1, F(1) - x
        y = F(1) - x
        total, h = np.zeros_like(x), np.sqrt(_power(x, n2))
        for i in range(1, n1 // 2 + 1):
            total = total + h
            h = (h * y * (F(n2) + F(2) * F(i - 1))) / (F(2) * F(i))
        return (total if swapped else F(1) - total).astype(F)


def _fisher_odd(x, n1: int, n2: int):
    y = F(1) - x
    h = _ANGLE * np.sqrt(x * y)
    total = _ANGLE * libm.acos(np.sqrt(x))
    for i in range(1, n2 - 1, 2):
        total = total + h
        h = h * x * F(i + 1) / F(i + 2)
    if n1 > 1:
        h = h * F(n2)
        for i in range(1, n1 - 1, 2):
            total = total - h
            h = h * y * F(n2 + i) / F(i + 2)
    return np.asarray(total, F)
