"""Shaded relief with contour lines: what both SHADY programs do. Source: ``vos/p2/prog/shady``, ``vos/p3/prog/shady``."""

from __future__ import annotations

import numpy as np

LEVELS = 256
AFTER_FLAT = 257  # entries of a table of shades from the one without slope to the end
# line and sample, from the pixel, of the two pixels whose difference is the slope, for directions 0 to 3
SLOPES = {0: ((0, -1), (0, 1)), 1: ((1, -1), (-1, 1)), 2: ((1, 0), (-1, 0)), 3: ((1, 1), (-1, -1))}


def contour_table(start: int, regions: int, spacing: int) -> np.ndarray:
    """Region of each value 0..255; the last value has none unless a region reaches it."""
    table = np.zeros(LEVELS, np.int16)
    place = start
    for region in range(1, regions - 1):
        table[place : place + spacing] = region
        place += spacing
        if place > LEVELS:
            return table
    if place < LEVELS - 1:
        table[place:] = max(regions - 2, 0) + 1
    return table


def shade_table(scale: int, offset: int) -> np.ndarray:
    """Brightness of each difference from -255 on."""
    return np.clip((np.arange(1, 513) - 256) * scale + offset, 0, 255).astype(np.int16)


def draw(source, result, window, direction: int, shades: np.ndarray | None, regions: np.ndarray | None) -> None:
    """Write the image; ``shades`` and ``regions`` are the tables, or None where not wanted.

    Lines are read from the first one of the file. Beyond the edges lies the outermost pixel again; the last line stands for
    the one below it.
    """
    dn = np.stack([source.read(samp=window.ss, nsamps=window.ns) for _ in range(max(window.nl - 1, 1))])
    dn = dn[: window.nl].astype(np.int32)
    if window.nl > 1:
        dn = np.concatenate((dn, source.read(samp=window.ss, nsamps=window.ns)[None].astype(np.int32)))
    padded = np.pad(dn, 1, mode="edge")
    picture = dn.astype(np.int16)
    if shades is not None:
        plus, minus = SLOPES[direction % 4] if direction < 4 else SLOPES[direction % 4][::-1]
        places = shifted(padded, *plus) - shifted(padded, *minus) + len(shades) - AFTER_FLAT
        picture = shades[np.clip(places, 0, len(shades) - 1)]
    if regions is not None:
        region = regions[np.clip(padded, 0, len(regions) - 1)]
        here = shifted(region, 0, 0)
        picture = np.where((here != shifted(region, 0, -1)) | (here != shifted(region, 1, 0)), np.int16(255), picture)
    result.write_window(picture)


def shifted(padded: np.ndarray, line: int, sample: int) -> np.ndarray:
    """Each pixel's neighbour."""
    lines, samples = padded.shape
    return padded[1 + line : lines - 1 + line, 1 + sample : samples - 1 + sample]
