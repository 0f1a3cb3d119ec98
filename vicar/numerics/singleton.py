"""The mixed-radix Fourier transform of Singleton, in single precision, for many lines at once.

Source: ``vos/p2/sub/dfft`` (Fortran). Every addition, multiplication and rotation factor is the original's; only the loops are
turned inside out: a stage works on all lines and blocks with the array of rotation factors of its positions. The
final reordering is done by transposing, which moves the same values.
"""

from __future__ import annotations

import functools

import numpy as np

from vicar.numerics import libm

LARGEST_PRIME, LARGEST_PRODUCT = 23, 210
_F = np.float32
_TURN = _F(8) * _F(0.7853982)
_S120 = np.sqrt(_F(0.75))


class PrimeTooLarge(ValueError):
    """A prime factor of the length exceeds 23."""


class TooManyFactors(ValueError):
    """The product of the square-free factors exceeds 210."""


def transform(real: np.ndarray, imaginary: np.ndarray, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """Transform the last axis; ``sign`` of the exponent is +1 or -1, nothing is scaled. float32 in and out.

    Raises PrimeTooLarge and TooManyFactors.
    """
    a, b = (np.array(part, np.float32) for part in (real, imaginary))
    length = a.shape[-1]
    if length < 2:
        return a, b
    factors, squares = factorize(length)
    if max(factors) > LARGEST_PRIME:
        raise PrimeTooLarge(length)
    free = factors[squares : len(factors) - squares]
    if len(free) > 1 and int(np.prod(free)) > LARGEST_PRODUCT:
        raise TooManyFactors(length)
    shape = a.shape
    span, blocks = length, 1
    for number, factor in enumerate(factors, 1):
        span //= factor
        view = (-1, blocks, factor, span)
        a, b = a.reshape(view), b.reshape(view)
        last = number == len(factors)
        if factor == 2:
            a, b = _two(a, b, _rotations_two(span, sign))
        elif factor == 4:
            a, b = _four(a, b, _rotations_four(span, sign), sign)
        else:
            stage = _three if factor == 3 else _five if factor == 5 else _odd
            a, b = stage(a, b, sign)
            if not last:
                _rotate(a, b, _rotations_odd(span, factor, sign))
        blocks *= factor
    order = (0, *range(len(factors), 0, -1))
    a, b = (part.reshape(-1, *factors).transpose(order).reshape(shape) for part in (a, b))
    return a, b


def factorize(length: int) -> tuple[list[int], int]:
    """Factors in the order they are used, and how many of them come in pairs around the square-free ones."""
    factors, rest = [], length
    while rest % 16 == 0:
        factors.append(4)
        rest //= 16
    number = 3
    while number * number <= rest or number == 3:
        while rest % (number * number) == 0:
            factors.append(number)
            rest //= number * number
        number += 2
    if rest <= 4:
        squares = len(factors)
        if rest != 1:
            factors.append(rest)
    else:
        if rest % 4 == 0:
            factors.append(2)
            rest //= 4
        squares = len(factors)
        number = 2
        while number <= rest:
            if rest % number == 0:
                factors.append(number)
                rest //= number
            number = (number + 1) // 2 * 2 + 1
    return factors + factors[:squares][::-1], squares


# ---------------------------------------------------------------- rotation factors


def _turn(sign: int) -> np.float32:
    return _TURN if sign >= 0 else -_TURN


def _steps(span: int, factor: int, sign: int) -> tuple[np.float32, np.float32]:
    """2 sin(d)**2 and sin(2d) of half the angle between neighbouring positions."""
    half = _turn(sign) * _F(0.5) / _F(span * factor)
    sine = _F(libm.sin(half))
    return _F(2) * (sine * sine), _F(libm.sin(half + half))


def _next(c, s, cd, sd):
    """One step on; brought back to length 1 to first order."""
    a = c - (cd * c + sd * s)
    s = (sd * c - cd * s) + s
    scale = _F(0.5) / (a * a + s * s) + _F(0.5)
    return scale * a, scale * s


@functools.lru_cache(maxsize=64)
def _rotations_two(span: int, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """(cos, sin) of positions 1..span-1; the second half is the mirror image of the first."""
    cosines, sines = np.ones(span, np.float32), np.zeros(span, np.float32)
    if span > 1:
        cd, sd = _steps(span, 2, sign)
        c, s = _F(1) - cd, sd
        for place in range(1, span // 2 + 1):
            cosines[place], sines[place] = c, s
            if span - place > place:
                cosines[span - place], sines[span - place] = -c, s
            c, s = _next(c, s, cd, sd)
    return cosines, sines


@functools.lru_cache(maxsize=64)
def _rotations_four(span: int, sign: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(cos, sin) of one, two and three times the angle of each position."""
    table = np.zeros((3, 2, span), np.float32)
    table[:, 0] = 1
    if span > 1:
        cd, sd = _steps(span, 4, sign)
        c1, s1 = _F(1), _F(0)
        for place in range(1, span):
            c1, s1 = _next(c1, s1, cd, sd)
            c2, s2 = c1 * c1 - s1 * s1, _F(2) * c1 * s1
            table[:, 0, place] = c1, c2, c2 * c1 - s2 * s1
            table[:, 1, place] = s1, s2, c2 * s1 + s2 * c1
    return [(c, s) for c, s in table]


@functools.lru_cache(maxsize=64)
def _rotations_odd(span: int, factor: int, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """(cos, sin) for elements 1..factor-1 of positions 1..span-1, by repeated addition of the angle."""
    cosines, sines = np.ones((factor, span), np.float32), np.zeros((factor, span), np.float32)
    if span > 1:
        cd, sd = _steps(span, factor, sign)
        c1, s1 = _F(1) - cd, sd
        for place in range(1, span):
            c2, s2 = c1, s1
            for element in range(1, factor):
                cosines[element, place], sines[element, place] = c2, s2
                product = s1 * s2
                s2 = s1 * c2 + c1 * s2
                c2 = c1 * c2 - product
            c1, s1 = _next_odd(c1, s1, cd, sd)
    return cosines, sines


def _next_odd(c, s, cd, sd):
    a = c - (cd * c + sd * s)
    s = s + (sd * c - cd * s)
    scale = _F(0.5) / (a * a + s * s) + _F(0.5)
    return scale * a, scale * s


# ---------------------------------------------------------------- stages; a and b are lines x blocks x factor x positions


def _two(a, b, rotations):
    cosines, sines = rotations
    out_a, out_b = np.empty_like(a), np.empty_like(b)
    out_a[:, :, 0], out_b[:, :, 0] = a[:, :, 0] + a[:, :, 1], b[:, :, 0] + b[:, :, 1]
    da, db = a[:, :, 0] - a[:, :, 1], b[:, :, 0] - b[:, :, 1]
    out_a[:, :, 1], out_b[:, :, 1] = cosines * da - sines * db, sines * da + cosines * db
    out_a[:, :, 1, 0], out_b[:, :, 1, 0] = da[:, :, 0], db[:, :, 0]
    return out_a, out_b


def _four(a, b, rotations, sign):
    a0, a1, a2, a3 = (a[:, :, q] for q in range(4))
    b0, b1, b2, b3 = (b[:, :, q] for q in range(4))
    out_a, out_b = np.empty_like(a), np.empty_like(b)
    akp, akm, ajp, ajm = a0 + a2, a0 - a2, a1 + a3, a1 - a3
    bkp, bkm, bjp, bjm = b0 + b2, b0 - b2, b1 + b3, b1 - b3
    out_a[:, :, 0], out_b[:, :, 0] = akp + ajp, bkp + bjp
    if sign < 0:
        first, third = (akm + bjm, bkm - ajm), (akm - bjm, bkm + ajm)
    else:
        first, third = (akm - bjm, bkm + ajm), (akm + bjm, bkm - ajm)
    second = (akp - ajp, bkp - bjp)
    for q, ((pa, pb), (c, s)) in enumerate(zip((first, second, third), rotations), 1):
        out_a[:, :, q], out_b[:, :, q] = pa * c - pb * s, pa * s + pb * c
        out_a[:, :, q, 0], out_b[:, :, q, 0] = pa[:, :, 0], pb[:, :, 0]
    return out_a, out_b


def _three(a, b, sign):
    s120 = _S120 if sign >= 0 else -_S120
    out_a, out_b = np.empty_like(a), np.empty_like(b)
    ak, bk = a[:, :, 0], b[:, :, 0]
    aj, bj = a[:, :, 1] + a[:, :, 2], b[:, :, 1] + b[:, :, 2]
    out_a[:, :, 0], out_b[:, :, 0] = ak + aj, bk + bj
    ak, bk = _F(-0.5) * aj + ak, _F(-0.5) * bj + bk
    aj, bj = (a[:, :, 1] - a[:, :, 2]) * s120, (b[:, :, 1] - b[:, :, 2]) * s120
    out_a[:, :, 1], out_b[:, :, 1] = ak - bj, bk + aj
    out_a[:, :, 2], out_b[:, :, 2] = ak + bj, bk - aj
    return out_a, out_b


def _five(a, b, sign):
    fifth = _TURN / _F(5)
    c72, s72 = _F(libm.cos(fifth)), _F(libm.sin(fifth))
    s72 = s72 if sign >= 0 else -s72
    c2, s2 = c72 * c72 - s72 * s72, _F(2) * c72 * s72
    out_a, out_b = np.empty_like(a), np.empty_like(b)
    akp, akm = a[:, :, 1] + a[:, :, 4], a[:, :, 1] - a[:, :, 4]
    bkp, bkm = b[:, :, 1] + b[:, :, 4], b[:, :, 1] - b[:, :, 4]
    ajp, ajm = a[:, :, 2] + a[:, :, 3], a[:, :, 2] - a[:, :, 3]
    bjp, bjm = b[:, :, 2] + b[:, :, 3], b[:, :, 2] - b[:, :, 3]
    aa, bb = a[:, :, 0], b[:, :, 0]
    out_a[:, :, 0], out_b[:, :, 0] = aa + akp + ajp, bb + bkp + bjp
    ak, bk = akp * c72 + ajp * c2 + aa, bkp * c72 + bjp * c2 + bb
    aj, bj = akm * s72 + ajm * s2, bkm * s72 + bjm * s2
    out_a[:, :, 1], out_a[:, :, 4], out_b[:, :, 1], out_b[:, :, 4] = ak - bj, ak + bj, bk + aj, bk - aj
    ak, bk = akp * c2 + ajp * c72 + aa, bkp * c2 + bjp * c72 + bb
    aj, bj = akm * s2 - ajm * s72, bkm * s2 - bjm * s72
    out_a[:, :, 2], out_a[:, :, 3], out_b[:, :, 2], out_b[:, :, 3] = ak - bj, ak + bj, bk + aj, bk - aj
    return out_a, out_b


def _odd(a, b, sign):
    """Any other odd factor."""
    factor = a.shape[2]
    cosines, sines = _odd_table(factor, sign)
    out_a, out_b = np.empty_like(a), np.empty_like(b)
    aa, bb = a[:, :, 0], b[:, :, 0]
    half = factor // 2
    plus_a = [a[:, :, j] + a[:, :, factor - j] for j in range(1, half + 1)]
    plus_b = [b[:, :, j] + b[:, :, factor - j] for j in range(1, half + 1)]
    minus_a = [a[:, :, j] - a[:, :, factor - j] for j in range(1, half + 1)]
    minus_b = [b[:, :, j] - b[:, :, factor - j] for j in range(1, half + 1)]
    ak, bk = aa, bb
    for pa, pb in zip(plus_a, plus_b):
        ak, bk = pa + ak, pb + bk
    out_a[:, :, 0], out_b[:, :, 0] = ak, bk
    for j in range(1, half + 1):
        ak, bk = aa, bb
        aj = bj = _F(0)
        place = j
        for pa, pb, ma, mb in zip(plus_a, plus_b, minus_a, minus_b):
            ak, bk = pa * cosines[place] + ak, pb * cosines[place] + bk
            aj, bj = ma * sines[place] + aj, mb * sines[place] + bj
            place += j
            if place > factor:
                place -= factor
        out_a[:, :, j], out_b[:, :, j] = ak - bj, bk + aj
        out_a[:, :, factor - j], out_b[:, :, factor - j] = ak + bj, bk - aj
    return out_a, out_b


@functools.lru_cache(maxsize=32)
def _odd_table(factor: int, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """cos and sin of 1..factor times a turn's ``factor``-th part, built from both ends."""
    angle = _turn(sign) / _F(factor)
    c1, s1 = _F(libm.cos(angle)), _F(libm.sin(angle))
    cosines, sines = np.zeros(factor + 1, np.float32), np.zeros(factor + 1, np.float32)
    cosines[factor] = 1
    place, last = 1, factor
    while place < last:
        cosines[place] = cosines[last] * c1 + sines[last] * s1
        sines[place] = cosines[last] * s1 - sines[last] * c1
        last -= 1
        cosines[last], sines[last] = cosines[place], -sines[place]
        place += 1
    return cosines, sines


def _rotate(a, b, rotations) -> None:
    """Rotate all elements but the first, all positions but the first, in place."""
    cosines, sines = (table[1:, 1:] for table in rotations)
    pa, pb = a[:, :, 1:, 1:].copy(), b[:, :, 1:, 1:].copy()
    a[:, :, 1:, 1:] = cosines * pa - sines * pb
    b[:, :, 1:, 1:] = sines * pa + cosines * pb


def real_transform(a: np.ndarray, b: np.ndarray, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """REALTR (``vos/p2/sub/realtr``): between the transform of N complex pairs and that of 2N real values.

    ``a`` and ``b`` (lines x N+1, float32) hold cosine and sine parts; for ``sign`` > 0 the last column is filled from the
    first. Returns new arrays of the same shape.
    """
    a, b = a.copy(), b.copy()
    n = a.shape[1] - 1
    if sign > 0:
        a[:, n], b[:, n] = a[:, 0], b[:, 0]
    cosines, sines = _real_rotations(n, sign)
    low = np.arange(n // 2 + 1)
    high = n - low
    aa, ab = a[:, low] + a[:, high], a[:, low] - a[:, high]
    ba, bb = b[:, low] + b[:, high], b[:, low] - b[:, high]
    real = cosines * ba + sines * ab
    imaginary = sines * ba - cosines * ab
    b[:, high], a[:, high] = imaginary - bb, aa - real
    b[:, low], a[:, low] = imaginary + bb, aa + real
    return a, b


@functools.lru_cache(maxsize=16)
def _real_rotations(n: int, sign: int) -> tuple[np.ndarray, np.ndarray]:
    half = _F(2) * _F(0.7853982) / _F(n)
    sine = _F(libm.sin(half))
    cd, sd = _F(2) * (sine * sine), _F(libm.sin(half + half))
    c, s = (_F(1), _F(0)) if sign > 0 else (_F(-1), _F(0))
    sd = sd if sign > 0 else -sd
    cosines, sines = np.empty(n // 2 + 1, np.float32), np.empty(n // 2 + 1, np.float32)
    for place in range(n // 2 + 1):
        cosines[place], sines[place] = c, s
        c, s = _next(c, s, cd, sd)
    return cosines, sines
