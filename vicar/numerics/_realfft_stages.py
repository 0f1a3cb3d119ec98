"""Transforms of real lines as compiled loops: what comes before and after the stages of `_singleton_stages`.

``a`` and ``b`` are points x lines as there; ``cosines`` and ``sines`` those of `singleton.real_rotations`. The arithmetic is that
of `singleton.real_transform`.
"""

from __future__ import annotations

from vicar.numerics.compiled import kernel


@kernel()
def lay_pairs(lines, a, b):
    """Real lines beside each other; each two samples are one complex number."""
    for point in range(a.shape[0]):
        for n in range(lines.shape[0]):
            a[point, n], b[point, n] = lines[n, 2 * point], lines[n, 2 * point + 1]


@kernel()
def take_pairs(a, b, order, out):
    """Points in their final order, as real lines."""
    for point in range(a.shape[0]):
        at = order[point]
        for n in range(out.shape[0]):
            out[n, 2 * point], out[n, 2 * point + 1] = a[at, n], b[at, n]


@kernel()
def take_coefficients(a, b, order, cosines, sines, out):
    """Points in their final order, completed to the coefficients of real lines (lines x points + 1)."""
    last = a.shape[0]
    for low in range(last // 2 + 1):
        high = last - low
        i, j = order[low], order[high % last]
        c, s = cosines[low], sines[low]
        for n in range(out.shape[0]):
            aa, ab = a[i, n] + a[j, n], a[i, n] - a[j, n]
            ba, bb = b[i, n] + b[j, n], b[i, n] - b[j, n]
            real, imaginary = c * ba + s * ab, s * ba - c * ab
            out[n, high] = complex(aa - real, imaginary - bb)
            out[n, low] = complex(aa + real, imaginary + bb)


@kernel()
def lay_coefficients(lines, cosines, sines, a, b):
    """The way back: coefficients of real lines beside each other, as those of complex lines."""
    last = a.shape[0]
    for low in range(last // 2 + 1):
        high = last - low
        c, s = cosines[low], sines[low]
        for n in range(lines.shape[0]):
            one, other = lines[n, low], lines[n, high]
            aa, ab = one.real + other.real, one.real - other.real
            ba, bb = one.imag + other.imag, one.imag - other.imag
            real, imaginary = c * ba + s * ab, s * ba - c * ab
            if low > 0:
                a[high, n], b[high, n] = aa - real, imaginary - bb
            a[low, n], b[low, n] = aa + real, imaginary + bb
