"""RGB2ISH: red, green, blue to intensity, saturation, hue and back. Source: ``vos/p2/prog/rgb2ish`` (C, 2016-09-12).

Colours are shares of the largest value (255 or 32767); intensity is their sum and hue lies in 0..3, both stored as thirds.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import truncate


def main(task):
    task.if_message("rgb2ish version 2016-09-12")
    sources = [task.open("INP", n) for n in (1, 2, 3)]
    nl, ns, kind = sources[0].nl, sources[0].ns, sources[0].format
    if kind not in ("BYTE", "HALF"):
        task.abend("Input must be BYTE or HALF word files")
    for number, source in enumerate(sources[1:], 2):
        if (source.nl, source.ns) != (nl, ns):
            task.abend(f"Input file {number} is a different shape than file 1")
        if source.format != kind:
            task.abend(f"Input file {number} has a different pixel type than file 1")
    results = [task.create("OUT", n, nl=nl, ns=ns, format=kind) for n in (1, 2, 3)]
    top = 255.0 if kind == "BYTE" else 32767.0
    for line in range(1, nl + 1):
        dn = [source.read(line, 1, ns) for source in sources]
        if kind == "HALF" and task.integer("NONEG"):
            dn = [np.maximum(values, 0) for values in dn]
        if task.integer("REVERSE"):
            values = colours(task, dn[0] / (top / 3.0), dn[1] / top, dn[2] / (top / 3.0))
            stored = [value * top for value in values]
        else:
            intensity, saturation, hue = hues(task, *(value / top for value in dn))
            stored = [intensity * (top / 3.0) + 0.5, saturation * top + 0.5, hue * (top / 3.0) + 0.5]
        for result, value in zip(results, stored, strict=True):
            result.write(truncate(value, result.dtype), line)


def hues(task, red: np.ndarray, green: np.ndarray, blue: np.ndarray):
    """Intensity, saturation and hue of colours in 0..1, float64."""
    if any(((value < 0) | (value > 1)).any() for value in (red, green, blue)):
        task.abend("rgb value out of range!")
    total = red + green + blue
    gray = (total == 0) | ((red == green) & (green == blue))
    with np.errstate(all="ignore"):
        no_blue, no_red = (blue <= red) & (blue <= green), (red <= green) & (red <= blue)
        hue = np.where(
            no_blue, (green - blue) / (total - 3 * blue),
            np.where(no_red, (blue - red) / (total - 3 * red) + 1, (red - green) / (total - 3 * green) + 2),
        )  # fmt: skip
        least = np.where(hue < 1, blue, np.where(hue < 2, red, green))
        saturation = (total - 3 * least) / total
    return total, np.where(gray, 0, saturation), np.where(gray, 0, hue)


def colours(task, total: np.ndarray, saturation: np.ndarray, hue: np.ndarray):
    """Red, green and blue from intensity, saturation and hue, float64."""
    for value, top in ((total, 3), (saturation, 1), (hue, 3)):
        if ((value < 0) | (value > top)).any():
            task.abend("ish value out of range!")
    third = np.where(hue < 1, 0, np.where(hue < 2, 1, 2))
    rest = 3 * saturation * (hue - third)
    falling, rising = total * (1 + 2 * saturation - rest) / 3.0, total * (1 - saturation + rest) / 3.0
    lowest = total * (1 - saturation) / 3.0
    order = ((falling, rising, lowest), (lowest, falling, rising), (rising, lowest, falling))
    return [np.choose(third, [order[n][colour] for n in range(3)]) for colour in range(3)]
