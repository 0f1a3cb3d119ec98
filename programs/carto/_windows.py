"""Weighted means over windows at points of an image, pixel after pixel; the numpy way of the same is in ``getzval``."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

BILIN, INTEGRAL, SPOT, SPOT_R, SPOT_R2 = range(5)


@kernel(above=2_000_000)
def weigh(pixels, window, method, spot_factor, x, y, line, sample, down, across, skipped, reject, centre, result):
    """Weighted means of the windows that begin at ``line`` and ``sample`` (from 0) into ``result``.

    Pixels not above ``skipped[0]`` count as low; they are left out if ``skipped[1]``, and ``reject`` of them spoil the window:
    its result stays. With ``centre`` (otherwise empty) the mean is that of squares of the whole differences from it; then nothing
    is spoiled and only zeros are left out. ``down`` and ``across``: how far the window covers its last line and sample.
    """
    threshold, skip = skipped
    squares = len(centre) > 0
    radius = window * 0.5
    columns = np.ones(window)
    for point in range(len(line)):
        total, units, low = 0.0, 0.0, 0
        if method == BILIN:
            columns[0], columns[window - 1] = 1.0 - across[point], across[point]
        for i in range(window):
            row = 1.0
            if method == BILIN:
                row = 1.0 - down[point] if i == 0 else down[point] if i == window - 1 else 1.0
            dx = x[point] - np.float64(line[point] + i + 1)
            for j in range(window):
                dn = np.int64(pixels[line[point] + i, sample[point] + j])
                divisor = 1.0
                if method >= SPOT:
                    dy = y[point] - np.float64(sample[point] + j + 1)
                    distance = np.sqrt(dx * dx + dy * dy)
                    if distance > radius:
                        continue
                    if method == SPOT_R2:
                        distance = distance * distance
                    if method != SPOT:
                        divisor = distance + spot_factor
                if squares:
                    if dn == 0 and skip:
                        continue
                    difference = np.int64(np.int16(np.int64(np.float64(dn) - centre[point])))
                    value = np.float64(difference * difference)
                else:
                    if dn <= threshold:
                        low += 1
                        if low >= reject:
                            break
                        if skip:
                            continue
                    value = np.float64(dn)
                if method >= SPOT:
                    total += value / divisor
                    units += 1.0 / divisor
                else:
                    weight = row * columns[j]
                    total += value * weight
                    units += weight
            if not squares and low >= reject:
                break
        if squares or low < reject:
            result[point] = total / units if units > 0.0 else 0.0
