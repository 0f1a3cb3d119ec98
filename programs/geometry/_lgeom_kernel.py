"""LGEOM's sampling for large images, one pixel after the other; does what `lgeom.Sampler.values` does for whole blocks."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

HALF = np.float32(0.5)


@kernel()
def sample_lines(image, left, start_p, step_p, start_r, step_r, beyond, limits, byte, keep_zeros, out, place,
                 length):  # fmt: skip
    """One stretch of some output lines.

    ``image`` is the input (uint8 or int16), ``left`` what lies before each of its lines; samples and lines of the input begin
    at ``start_p``, ``start_r`` and grow by ``step_p``, ``step_r`` (float32 by output line), ``beyond`` is the line one
    behind the stretch. ``limits``: weights below and above which a neighbour is left out, first and last line inside.
    ``length`` samples of ``out`` (output lines x samples) from ``place`` on are set; they are zero before.
    """
    nl, ns = image.shape
    small, large, low, high = limits

    def mix(one, two, fraction):
        mixed = one + fraction * (two - one)
        if keep_zeros and (one == np.float32(0) or two == np.float32(0)):
            mixed = one if fraction < HALF else two
        return mixed

    def rounded(value):
        if byte:
            return np.int32(value + HALF)
        whole = np.int32(value)
        rest = value - np.float32(whole)
        return whole + np.int32(rest >= HALF) - np.int32(rest <= -HALF)

    for line in range(out.shape[0]):
        p, r = start_p[line], start_r[line]
        for sample in range(place, min(place + length, out.shape[1])):
            if sample > place:
                p += step_p[line]
                r += step_r[line]
            if not (r >= low and r < high):
                if r < low and beyond[line] < low or r >= high and beyond[line] >= high:
                    break
                continue
            if not (p >= np.float32(0) and p < np.float32(ns + 1)):
                continue
            ip, ir = np.int64(p), np.int64(r)
            u, v = p - np.float32(ip), r - np.float32(ir)
            if ip == 0 and u <= large or ip == ns and u >= small:
                continue
            between = v >= small and v < large and high >= np.float32(ir + 1)
            if not between and v >= large:
                ir += 1
            row = min(max(ir - 1, 0), nl - 1)
            one = np.float32(image[row, ip - 1]) if ip > 0 else np.float32(left[row])
            two = np.float32(image[row, min(ip, ns - 1)])
            if between:
                row = min(row + 1, nl - 1)
                upper = mix(one, two, u)
                one = np.float32(image[row, ip - 1]) if ip > 0 else np.float32(left[row])
                two = np.float32(image[row, min(ip, ns - 1)])
                out[line, sample] = rounded(mix(upper, mix(one, two, u), v))
            elif u < small:
                out[line, sample] = np.int32(one)
            elif u <= large:
                out[line, sample] = rounded(mix(one, two, u))
            else:
                out[line, sample] = np.int32(two)
