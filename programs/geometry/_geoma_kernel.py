"""GEOMA's interpolation, pixel after pixel; the numpy way of the same is in ``geoma.Sampler``."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


@kernel()
def sample_stretches(image, shift, stretches, starts, steps, small, large, buffers, seen, result):
    """Pixels of ``image`` along stretches of output lines into ``result`` (lines x samples), which is zero before.

    Each stretch has its line and first sample in ``result`` (from 0) and its length; ``starts`` and ``steps``: input sample and
    line. In front of an input line lies its number, shifted right by ``shift`` bits; behind it, unless ``seen`` is 0, that of
    the line in the next buffer, as far as the bits of ``seen`` go. ``buffers`` keep lines and are those of `LineBuffers`.
    """
    nl, ns = image.shape
    holds, place, following = buffers
    number, upcoming = len(holds) - 1, following[0]
    for part in range(len(stretches)):
        row, first, length = stretches[part]
        p_next, r_next = starts[part]
        p_step, r_step = steps[part]
        for sample in range(first, first + length):
            p, r = p_next, r_next
            p_next, r_next = p + p_step, r + r_step
            if not (r >= 0 and p >= 0 and p < ns + 1 and r < nl + 1):
                continue
            ip, ir = np.int64(p), np.int64(r)
            pfrac, rfrac = p - ip, r - ir
            if ip > 0:
                if ip > ns or (ip == ns and pfrac > small):
                    continue
            elif not pfrac > large:
                continue
            between = rfrac >= small and rfrac < large
            if not between and rfrac >= small:
                ir += 1
            if ir <= 0 or (ir >= nl if between else ir > nl):
                continue
            if place[ir] < 0:
                if holds[upcoming] > 0:
                    place[holds[upcoming]] = -1
                holds[upcoming], place[ir] = ir, upcoming
                upcoming = (upcoming + 1) % number
            line, right_at = np.uint64(ir - 1), np.uint64(ip)  # without signs: no place counts from the end
            left_at = right_at - np.uint64(1)
            left, right = ir >> shift if ip == 0 else np.int64(image[line, left_at]), np.int64(0)
            if ip < ns:
                right = np.int64(image[line, right_at])
            elif seen:
                right = np.int64(holds[place[ir] + 1]) & seen
                right -= (right & 0x8000) << 1
            if not between:
                if pfrac < small:
                    result[row, sample] = left
                    continue
                if pfrac >= large:
                    result[row, sample] = right
                    continue
            value = left + pfrac * (right - left)
            if between:
                ir += 1
                if place[ir] < 0:
                    if holds[upcoming] > 0:
                        place[holds[upcoming]] = -1
                    holds[upcoming], place[ir] = ir, upcoming
                    upcoming = (upcoming + 1) % number
                line += np.uint64(1)
                left, right = ir >> shift if ip == 0 else np.int64(image[line, left_at]), np.int64(0)
                if ip < ns:
                    right = np.int64(image[line, right_at])
                elif seen:
                    right = np.int64(holds[place[ir] + 1]) & seen
                    right -= (right & 0x8000) << 1
                value = (left + pfrac * (right - left) - value) * rfrac + value
            whole = np.int64(value)
            rest = value - whole
            result[row, sample] = whole + np.int64(rest >= 0.5) - np.int64(rest <= -0.5)
    following[0] = upcoming
