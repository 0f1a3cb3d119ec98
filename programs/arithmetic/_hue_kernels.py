"""RGB2ISH pixel by pixel, for large images; does what `rgb2ish.hues` and `rgb2ish.colours` do for whole arrays."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


@kernel()
def to_hues(reds, greens, blues, top, intensity, saturation, hue):
    """Fill the three results; the number of the first pixel out of range, or of all."""
    for n in range(len(reds)):
        red, green, blue = reds[n] / top, greens[n] / top, blues[n] / top
        if red < 0 or red > 1 or green < 0 or green > 1 or blue < 0 or blue > 1:
            return n
        total, share, angle = red + green + blue, 0.0, 0.0
        if total != 0 and not (red == green and green == blue):
            if blue <= red and blue <= green:
                angle = (green - blue) / (total - 3 * blue)
            elif red <= green and red <= blue:
                angle = (blue - red) / (total - 3 * red) + 1
            else:
                angle = (red - green) / (total - 3 * green) + 2
            least = blue if angle < 1 else red if angle < 2 else green
            share = (total - 3 * least) / total
        intensity[n] = np.int64(total * (top / 3.0) + 0.5)
        saturation[n] = np.int64(share * top + 0.5)
        hue[n] = np.int64(angle * (top / 3.0) + 0.5)
    return len(reds)


@kernel()
def to_colours(intensity, saturation, hue, top, reds, greens, blues):
    """The way back."""
    for n in range(len(reds)):
        total, share, angle = intensity[n] / (top / 3.0), saturation[n] / top, hue[n] / (top / 3.0)
        if total < 0 or total > 3 or share < 0 or share > 1 or angle < 0 or angle > 3:
            return n
        third = 0 if angle < 1 else 1 if angle < 2 else 2
        rest = 3 * share * (angle - third)
        falling = np.int64(total * (1 + 2 * share - rest) / 3.0 * top)
        rising = np.int64(total * (1 - share + rest) / 3.0 * top)
        lowest = np.int64(total * (1 - share) / 3.0 * top)
        if third == 0:
            reds[n], greens[n], blues[n] = falling, rising, lowest
        elif third == 1:
            reds[n], greens[n], blues[n] = lowest, falling, rising
        else:
            reds[n], greens[n], blues[n] = rising, lowest, falling
    return len(reds)
