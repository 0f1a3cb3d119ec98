"""The stages of `vicar.numerics.singleton` as compiled loops, for large images.

Each works in place on ``a`` and ``b`` (real and imaginary parts, points x lines, float32), line beside line, so that every
operation is done for all of them at once; its additions and multiplications are those of the stage of the same name there.
Rotations are (factors - 1) x 2 x positions: cosines and sines of the elements after the first.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

LINES = 16  # that are transformed side by side
ALWAYS = 1 << 40  # a number of points that is always worth compiling for


@kernel()
def lay_lines(lines, a, b):
    """Lines of a complex image beside each other."""
    for point in range(a.shape[0]):
        for n in range(lines.shape[0]):
            value = lines[n, point]
            a[point, n], b[point, n] = value.real, value.imag


@kernel()
def lay_columns(kept_a, kept_b, first, count, a, b):
    """Columns from ``first`` on beside each other; ``kept_a`` and ``kept_b`` are groups of lines x columns x lines."""
    for line in range(a.shape[0]):
        group, place = line // LINES, line % LINES
        for n in range(count):
            a[line, n], b[line, n] = kept_a[group, first + n, place], kept_b[group, first + n, place]


@kernel()
def take_lines(a, b, order, out):
    """Points in their final order as complex lines."""
    for n in range(out.shape[0]):
        for point in range(out.shape[1]):
            at = order[point]
            out[n, point] = complex(a[at, n], b[at, n])


@kernel()
def two(a, b, span, table, sign):
    for start in range(0, a.shape[0], 2 * span):
        for place in range(span):
            i0 = start + place
            i1 = i0 + span
            c, s = table[0, 0, place], table[0, 1, place]
            for n in range(LINES):
                da, db = a[i0, n] - a[i1, n], b[i0, n] - b[i1, n]
                a[i0, n], b[i0, n] = a[i0, n] + a[i1, n], b[i0, n] + b[i1, n]
                if place > 0:
                    da, db = c * da - s * db, s * da + c * db
                a[i1, n], b[i1, n] = da, db


@kernel()
def four(a, b, span, table, sign):
    turn = np.float32(1) if sign < 0 else np.float32(-1)  # times the imaginary unit: exact
    for start in range(0, a.shape[0], 4 * span):
        for place in range(span):
            i0 = start + place
            i1, i2, i3 = i0 + span, i0 + 2 * span, i0 + 3 * span
            c1, s1, c2, s2 = table[0, 0, place], table[0, 1, place], table[1, 0, place], table[1, 1, place]
            c3, s3 = table[2, 0, place], table[2, 1, place]
            for n in range(LINES):
                akp, akm = a[i0, n] + a[i2, n], a[i0, n] - a[i2, n]
                bkp, bkm = b[i0, n] + b[i2, n], b[i0, n] - b[i2, n]
                ajp, ajm = a[i1, n] + a[i3, n], turn * (a[i1, n] - a[i3, n])
                bjp, bjm = b[i1, n] + b[i3, n], turn * (b[i1, n] - b[i3, n])
                a[i0, n], b[i0, n] = akp + ajp, bkp + bjp
                pa, pb = akm + bjm, bkm - ajm
                qa, qb = akp - ajp, bkp - bjp
                ra, rb = akm - bjm, bkm + ajm
                if place > 0:
                    pa, pb = pa * c1 - pb * s1, pa * s1 + pb * c1
                    qa, qb = qa * c2 - qb * s2, qa * s2 + qb * c2
                    ra, rb = ra * c3 - rb * s3, ra * s3 + rb * c3
                a[i1, n], b[i1, n] = pa, pb
                a[i2, n], b[i2, n] = qa, qb
                a[i3, n], b[i3, n] = ra, rb


@kernel()
def odd(a, b, span, table, cosines, sines):
    """Any odd factor but 3 and 5; ``cosines`` and ``sines`` of whole parts of a turn."""
    factor = cosines.shape[0] - 1
    half = factor // 2
    plus_a, plus_b = np.empty((half, LINES), np.float32), np.empty((half, LINES), np.float32)
    minus_a, minus_b = np.empty((half, LINES), np.float32), np.empty((half, LINES), np.float32)
    first_a, first_b = np.empty(LINES, np.float32), np.empty(LINES, np.float32)
    for start in range(0, a.shape[0], factor * span):
        for place in range(span):
            i0 = start + place
            for j in range(half):
                low, high = i0 + (j + 1) * span, i0 + (factor - j - 1) * span
                for n in range(LINES):
                    plus_a[j, n], minus_a[j, n] = a[low, n] + a[high, n], a[low, n] - a[high, n]
                    plus_b[j, n], minus_b[j, n] = b[low, n] + b[high, n], b[low, n] - b[high, n]
            for n in range(LINES):
                first_a[n], first_b[n] = a[i0, n], b[i0, n]
                for j in range(half):
                    a[i0, n], b[i0, n] = plus_a[j, n] + a[i0, n], plus_b[j, n] + b[i0, n]
            for q in range(1, half + 1):
                low, high = i0 + q * span, i0 + (factor - q) * span
                for n in range(LINES):
                    ak, bk, aj, bj = first_a[n], first_b[n], np.float32(0), np.float32(0)
                    at = q
                    for j in range(half):
                        ak, bk = plus_a[j, n] * cosines[at] + ak, plus_b[j, n] * cosines[at] + bk
                        aj, bj = minus_a[j, n] * sines[at] + aj, minus_b[j, n] * sines[at] + bj
                        at += q
                        if at > factor:
                            at -= factor
                    a[low, n], b[low, n] = ak - bj, bk + aj
                    a[high, n], b[high, n] = ak + bj, bk - aj
            if place > 0:
                for q in range(1, factor):
                    c, s, i = table[q - 1, 0, place], table[q - 1, 1, place], i0 + q * span
                    for n in range(LINES):
                        pa, pb = a[i, n], b[i, n]
                        a[i, n], b[i, n] = c * pa - s * pb, s * pa + c * pb


@kernel()
def three(a, b, span, table, s120):
    half = np.float32(-0.5)
    for start in range(0, a.shape[0], 3 * span):
        for place in range(span):
            i0 = start + place
            i1, i2 = i0 + span, i0 + 2 * span
            c1, s1, c2, s2 = table[0, 0, place], table[0, 1, place], table[1, 0, place], table[1, 1, place]
            for n in range(LINES):
                ak, bk = a[i0, n], b[i0, n]
                aj, bj = a[i1, n] + a[i2, n], b[i1, n] + b[i2, n]
                a[i0, n], b[i0, n] = ak + aj, bk + bj
                ak, bk = half * aj + ak, half * bj + bk
                aj, bj = (a[i1, n] - a[i2, n]) * s120, (b[i1, n] - b[i2, n]) * s120
                pa, pb, qa, qb = ak - bj, bk + aj, ak + bj, bk - aj
                if place > 0:
                    pa, pb = c1 * pa - s1 * pb, s1 * pa + c1 * pb
                    qa, qb = c2 * qa - s2 * qb, s2 * qa + c2 * qb
                a[i1, n], b[i1, n] = pa, pb
                a[i2, n], b[i2, n] = qa, qb


@kernel()
def five(a, b, span, table, parts):
    """``parts``: cosine and sine of one and of two fifths of a turn."""
    c72, s72, c2, s2 = parts
    for start in range(0, a.shape[0], 5 * span):
        for place in range(span):
            i0 = start + place
            i1, i2, i3, i4 = i0 + span, i0 + 2 * span, i0 + 3 * span, i0 + 4 * span
            for n in range(LINES):
                akp, akm, bkp, bkm = a[i1, n] + a[i4, n], a[i1, n] - a[i4, n], b[i1, n] + b[i4, n], b[i1, n] - b[i4, n]
                ajp, ajm, bjp, bjm = a[i2, n] + a[i3, n], a[i2, n] - a[i3, n], b[i2, n] + b[i3, n], b[i2, n] - b[i3, n]
                aa, bb = a[i0, n], b[i0, n]
                a[i0, n], b[i0, n] = aa + akp + ajp, bb + bkp + bjp
                ak, bk = akp * c72 + ajp * c2 + aa, bkp * c72 + bjp * c2 + bb
                aj, bj = akm * s72 + ajm * s2, bkm * s72 + bjm * s2
                a[i1, n], a[i4, n], b[i1, n], b[i4, n] = ak - bj, ak + bj, bk + aj, bk - aj
                ak, bk = akp * c2 + ajp * c72 + aa, bkp * c2 + bjp * c72 + bb
                aj, bj = akm * s2 - ajm * s72, bkm * s2 - bjm * s72
                a[i2, n], a[i3, n], b[i2, n], b[i3, n] = ak - bj, ak + bj, bk + aj, bk - aj
            if place > 0:
                for q in range(1, 5):
                    c, s, i = table[q - 1, 0, place], table[q - 1, 1, place], i0 + q * span
                    for n in range(LINES):
                        pa, pb = a[i, n], b[i, n]
                        a[i, n], b[i, n] = c * pa - s * pb, s * pa + c * pb
