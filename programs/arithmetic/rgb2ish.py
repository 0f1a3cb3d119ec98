"""RGB2ISH: red, green, blue to intensity, saturation, hue and back. Source: ``vos/p2/prog/rgb2ish`` (C, 2016-09-12).

Colours are shares of the largest value (255 or 32767); intensity is their sum and hue lies in 0..3, both stored as thirds.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.arithmetic._hue_kernels import to_colours, to_hues
from vicar.image.sweep import abreast
from vicar.numerics.compiled import as_input
from vicar.numerics.rounding import truncate

PIXELS_AT_ONCE = 1 << 16
BLOCKS = 16  # as many such pieces an image is thought to consist of


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
    top, back = 255.0 if kind == "BYTE" else 32767.0, bool(task.integer("REVERSE"))
    line = 1
    for count, parts in abreast(sources, 1, 1, nl, [ns] * 3, max(1, PIXELS_AT_ONCE // max(ns, 1))):
        dn = [part.ravel() for part in parts]
        if kind == "HALF" and task.integer("NONEG"):
            dn = [np.maximum(values, 0) for values in dn]
        stored, good = convert(dn, top, back)
        whole = good // ns if good < len(dn[0]) else count
        for result, values in zip(results, stored, strict=True):
            result.write_window(values[: whole * ns].reshape(whole, ns), line)
        if whole < count:
            task.abend(f"{'ish' if back else 'rgb'} value out of range!")
        line += count


def convert(dn: list[np.ndarray], top: float, back: bool) -> tuple[list[np.ndarray], int]:
    """The three results in the type of the input, and how many pixels there are before the first out of range."""
    compiled = (to_colours if back else to_hues).pick(BLOCKS * len(dn[0]))
    if compiled is not None:
        results = [np.empty_like(values) for values in dn]
        return results, compiled(*(as_input(values) for values in dn), top, *results)
    scales = (top / 3.0, top, top / 3.0) if back else (top, top, top)
    values = [part / scale for part, scale in zip(dn, scales, strict=True)]
    bad = np.zeros(len(dn[0]), bool)
    for value, most in zip(values, (3, 1, 3) if back else (1, 1, 1), strict=True):
        bad |= (value < 0) | (value > most)
    if back:
        stored = [value * top for value in colours(*values)]
    else:
        intensity, saturation, hue = hues(*values)
        stored = [intensity * (top / 3.0) + 0.5, saturation * top + 0.5, hue * (top / 3.0) + 0.5]
    return [truncate(value, dn[0].dtype) for value in stored], int(bad.argmax()) if bad.any() else len(bad)


def hues(red: np.ndarray, green: np.ndarray, blue: np.ndarray):
    """Intensity, saturation and hue of colours in 0..1, float64."""
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


def colours(total: np.ndarray, saturation: np.ndarray, hue: np.ndarray):
    """Red, green and blue from intensity, saturation and hue, float64."""
    third = np.where(hue < 1, 0, np.where(hue < 2, 1, 2))
    rest = 3 * saturation * (hue - third)
    falling, rising = total * (1 + 2 * saturation - rest) / 3.0, total * (1 - saturation + rest) / 3.0
    lowest = total * (1 - saturation) / 3.0
    order = ((falling, rising, lowest), (lowest, falling, rising), (rising, lowest, falling))
    return [np.choose(third, [order[n][colour] for n in range(3)]) for colour in range(3)]
