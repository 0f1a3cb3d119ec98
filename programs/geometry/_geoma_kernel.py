"""GEOMA's interpolation, pixel after pixel; the numpy way of the same is in ``geoma.Sampler``."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

BEHIND = -1


@kernel()
def sample_points(image, shift, p, r, small, large, result, wanted):
    """Pixels of ``image`` at samples ``p`` and lines ``r`` into ``result``, which is zero before.

    Gives how many line numbers it noted in ``wanted`` (two for each pixel inside, in order), BEHIND if a pixel needs a sample
    behind the end of a line. In front of a line lies its number, shifted right by ``shift`` bits.
    """
    nl, ns = image.shape
    count = 0
    for i in range(len(p)):
        if not (r[i] >= 0 and p[i] >= 0 and p[i] < ns + 1 and r[i] < nl + 1):
            continue
        ip, ir = np.int64(p[i]), np.int64(r[i])
        pfrac, rfrac = p[i] - ip, r[i] - ir
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
        if ip == ns and (between or pfrac >= small):
            return BEHIND
        wanted[count] = ir
        wanted[count + 1] = ir + 1 if between else ir
        count += 2
        v1 = np.int64(image[ir - 1, ip - 1]) if ip > 0 else ir >> shift
        if not between:
            if pfrac < small:
                result[i] = v1
                continue
            v2 = np.int64(image[ir - 1, ip])
            if pfrac >= large:
                result[i] = v2
                continue
            value = v1 + pfrac * (v2 - v1)
        else:
            v2 = np.int64(image[ir - 1, ip])
            v3 = np.int64(image[ir, ip - 1]) if ip > 0 else (ir + 1) >> shift
            v4 = np.int64(image[ir, ip])
            v12 = v1 + pfrac * (v2 - v1)
            v34 = v3 + pfrac * (v4 - v3)
            value = (v34 - v12) * rfrac + v12
        whole = np.trunc(value)
        if abs(value - whole) >= 0.5:
            whole += np.copysign(1.0, value)
        result[i] = np.int64(whole)
    return count
