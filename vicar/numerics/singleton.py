"""The mixed-radix Fourier transform of Singleton, in single precision, for many lines at once.

Source: ``vos/p2/sub/dfft`` (Fortran). Every addition, multiplication and rotation factor is the original's; only the loops are
turned inside out: a stage works on all lines and blocks with the array of rotation factors of its positions. The
final reordering is done by transposing, which moves the same values.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np

from vicar.numerics import _singleton_stages as stages
from vicar.numerics import libm
from vicar.numerics.compiled import as_input, in_parts

POINTS_AT_ONCE = 1 << 15
LINES = stages.LINES  # best a multiple of so many at a time
LARGEST_PRIME, LARGEST_PRODUCT = 23, 210
_F = np.float32
_TURN = _F(8) * _F(0.7853982)
_S120 = np.sqrt(_F(0.75))


class PrimeTooLarge(ValueError):
    """A prime factor of the length exceeds 23."""


class TooManyFactors(ValueError):
    """The product of the square-free factors exceeds 210."""


def transform(real: np.ndarray, imaginary: np.ndarray, sign: int, of: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Transform the last axis; ``sign`` of the exponent is +1 or -1, nothing is scaled. float32 in and out.

    ``of``: points of the whole image, if this is a part of it. Raises PrimeTooLarge and TooManyFactors.
    """
    real, imaginary = (np.asarray(part, np.float32) for part in (real, imaginary))
    shape, length = real.shape, real.shape[-1]
    if length < 2:
        return real.copy(), imaginary.copy()
    factors = checked_factors(length)
    if real.size == 0:
        return real.copy(), imaginary.copy()
    real, imaginary = real.reshape(-1, length), imaginary.reshape(-1, length)
    if not stages.four.pick(max(real.size, of)):
        a, b = np.empty(real.shape, np.float32), np.empty(real.shape, np.float32)
        step = max(1, POINTS_AT_ONCE // length)
        for start in range(0, len(real), step):
            here = slice(start, start + step)
            a[here], b[here] = _plain(real[here], imaginary[here], factors, sign)
    else:
        a, b = _side_by_side(real, imaginary, factors, sign)
    return a.reshape(shape), b.reshape(shape)


def transform_plane(blocks, nl: int, ns: int, sign: int):
    """Two-dimensional transform, along the lines, then along the columns.

    ``blocks`` gives the lines in order, complex64 arrays (some lines, ns). Yields the result transposed: first line from 0, and
    complex64 lines of ``nl`` points. Raises PrimeTooLarge and TooManyFactors once all lines are taken.
    """
    if stages.four.pick(nl * ns) and min(nl, ns) > 1:
        try:
            plane = _Plane(nl, ns, sign)
        except (PrimeTooLarge, TooManyFactors):
            pass  # said below, when the lines have been read
        else:
            for lines in blocks:
                plane.add(lines)
            yield from plane.columns()
            return
    lines = np.concatenate(list(blocks))
    real, imaginary = transform(lines.real, lines.imag, sign)
    real, imaginary = transform(real.T, imaginary.T, sign)
    result = np.empty(real.shape, np.complex64)
    result.real, result.imag = real, imaginary
    yield 0, result


class _Plane:
    """The compiled way of `transform_plane`; between the two directions the parts lie as groups x columns x lines of a group."""

    def __init__(self, nl: int, ns: int, sign: int):
        self.nl, self.ns, self.sign = nl, ns, sign
        self.across, self.down = checked_factors(ns), checked_factors(nl)
        groups = -(-nl // stages.LINES)
        self.real, self.imaginary = (np.empty((groups, ns, stages.LINES), np.float32) for _ in range(2))
        self.groups = 0
        self.waiting = np.zeros((0, ns), np.complex64)

    def add(self, lines: np.ndarray) -> None:
        """More lines; those that do not fill a group wait for the next ones."""
        lines = np.concatenate((self.waiting, lines)) if len(self.waiting) else lines
        full = len(lines) // stages.LINES * stages.LINES
        if self.groups * stages.LINES + len(lines) == self.nl:
            full = len(lines)
        self._along_lines(as_input(lines[:full]))
        self.waiting = lines[full:]

    def _along_lines(self, lines: np.ndarray) -> None:
        lay, size, begin = stages.lay_lines.pick(stages.ALWAYS), stages.LINES, self.groups

        def take(here: slice, a, b, order) -> None:
            group = begin + here.start // size
            np.take(a, order, 0, out=self.real[group], mode="clip")
            np.take(b, order, 0, out=self.imaginary[group], mode="clip")

        self.groups += -(-len(lines) // size)
        in_groups(len(lines), self.across, self.sign, lambda here, a, b: lay(lines[here], a, b), take)

    def columns(self):
        """(first column, columns as complex lines), some at a time."""
        size = stages.LINES
        lay, take = stages.lay_columns.pick(stages.ALWAYS), stages.take_lines.pick(stages.ALWAYS)
        step = size * max(1, POINTS_AT_ONCE * 8 // (self.nl * size))
        for begin in range(0, self.ns, step):
            out = np.empty((min(step, self.ns - begin), self.nl), np.complex64)

            def put(here: slice, a, b, begin=begin) -> None:
                lay(self.real, self.imaginary, begin + here.start, here.stop - here.start, a, b)

            in_groups(len(out), self.down, self.sign, put, lambda here, a, b, order, out=out: take(a, b, order, out[here]))
            yield begin, out


def _order(factors: list[int]) -> np.ndarray:
    """Where each point lies after the last stage."""
    return np.arange(math.prod(factors)).reshape(factors).transpose().ravel()


def _plain(real, imaginary, factors, sign) -> tuple[np.ndarray, np.ndarray]:
    """Lines x points, a few at a time; the stages in numpy."""
    span, blocks = real.shape[1], 1
    a, b = (np.array(part, np.float32) for part in (real, imaginary))
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
    return tuple(part.reshape(-1, *factors).transpose(order).reshape(real.shape) for part in (a, b))


def compiled_stages(factors: list[int], sign: int) -> list[tuple]:
    """Compiled stage, span, rotations and constants of each factor, in order."""
    some, span = [], math.prod(factors)
    for factor in factors:
        span //= factor
        if factor == 2:
            stage, table, more = stages.two, np.array([_rotations_two(span, sign)]), (sign,)
        elif factor == 4:
            stage, table, more = stages.four, np.array(_rotations_four(span, sign)), (sign,)
        else:
            table = np.ascontiguousarray(np.stack(_rotations_odd(span, factor, sign), axis=1)[1:])
            if factor == 3:
                stage, more = stages.three, (_S120 if sign >= 0 else -_S120,)
            elif factor == 5:
                stage, more = stages.five, (_fifths(sign),)
            else:
                stage, more = stages.odd, _odd_table(factor, sign)
        some.append((stage.pick(stages.ALWAYS), span, table, *more))
    return some


def _side_by_side(real, imaginary, factors, sign) -> tuple[np.ndarray, np.ndarray]:
    """Lines x points through the compiled stages, `stages.LINES` of them beside each other."""
    a, b = np.empty(real.shape, np.float32), np.empty(real.shape, np.float32)

    def lay(here: slice, wa, wb) -> None:
        width = here.stop - here.start
        wa[:, :width], wb[:, :width] = real[here].T, imaginary[here].T

    def take(here: slice, wa, wb, order) -> None:
        width = here.stop - here.start
        a[here], b[here] = wa[order, :width].T, wb[order, :width].T

    in_groups(len(real), factors, sign, lay, take)
    return a, b


def in_groups(count: int, factors: list[int], sign: int, lay: Callable, take: Callable) -> None:
    """Take ``count`` lines through the compiled stages, `stages.LINES` beside each other.

    ``lay(slice, a, b)`` puts lines into arrays points x lines, ``take(slice, a, b, order)`` gets them out.
    """
    some, order, size = compiled_stages(factors, sign), _order(factors), stages.LINES

    def part(first: int, last: int) -> None:
        a, b = (np.zeros((len(order), size), np.float32) for _ in range(2))
        for start in range(first * size, min(last * size, count), size):
            here = slice(start, min(start + size, count))
            lay(here, a, b)
            for stage, span, table, *more in some:
                stage(a, b, span, table, *more)
            take(here, a, b, order)

    in_parts(part, -(-count // size))


def checked_factors(length: int) -> list[int]:
    """The factors of a length in the order they are used. Raises PrimeTooLarge and TooManyFactors."""
    factors, squares = factorize(length)
    if max(factors) > LARGEST_PRIME:
        raise PrimeTooLarge(length)
    free = factors[squares : len(factors) - squares]
    if len(free) > 1 and math.prod(free) > LARGEST_PRODUCT:
        raise TooManyFactors(length)
    return factors


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


@functools.cache
def _fifths(sign: int) -> tuple[np.float32, ...]:
    """Cosine and sine of one and of two fifths of a turn."""
    fifth = _TURN / _F(5)
    c72, s72 = _F(libm.cos(fifth)), _F(libm.sin(fifth))
    s72 = s72 if sign >= 0 else -s72
    return c72, s72, c72 * c72 - s72 * s72, _F(2) * c72 * s72


def _five(a, b, sign):
    c72, s72, c2, s2 = _fifths(sign)
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
    cosines, sines = real_rotations(n, sign)
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
def real_rotations(n: int, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosines and sines of `real_transform` for its first half."""
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
