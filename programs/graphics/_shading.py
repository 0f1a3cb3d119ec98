"""Shaded relief with contour lines: what both SHADY programs do. Source: ``vos/p2/prog/shady``, ``vos/p3/prog/shady``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vicar.errors import VicarError

LEVELS = 256
AFTER_FLAT = 257  # entries of a table of shades from the one without slope to the end
# line and sample, from the pixel, of the two pixels whose difference is the slope, for directions 0 to 3
SLOPES = {0: ((0, -1), (0, 1)), 1: ((1, -1), (-1, 1)), 2: ((1, 0), (-1, 0)), 3: ((1, 1), (-1, -1))}


def relief(task, refusal: tuple[str, ...], show_tables: Callable) -> None:
    """The main work of both: ``refusal`` is what is said when there is nothing to draw, ``show_tables`` what DBUG prints."""
    task.message("SHADY version  16-JUL-1993")
    with task.open("INP", u_format="HALF") as source:
        window = task.size_field()
        result = task.create("OUT", format="BYTE", u_format="HALF")
        regions = None if task.keyword("NOCONTOU") else contour_table(*task.integers("CONTOUR"))
        shades = None if task.keyword("NOSHADE") else shade_table(*task.integers("SCALE"))
        if regions is None and shades is None:
            task.abend(*refusal)
        if task.keyword("DBUG"):
            show_tables([0] * 256 if table is None else table[:256] for table in (regions, shades))
        with result:
            none = [np.zeros(size, np.int16) for size in (LEVELS, 2 * LEVELS)]
            both = np.concatenate([none[0] if regions is None else regions, none[1] if shades is None else shades])
            shades, regions = (None if table is None else both for table in (shades, regions))
            draw(source, result, window, task.integer("SHADE"), shades, regions)


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

    Lines are read from the first one of the file; where it ends too early, those whose next line was read are written.
    """
    lines, error = [], None
    try:
        for _ in range(max(window.nl, 1)):
            lines.append(source.read(samp=window.ss, nsamps=window.ns))
    except VicarError as ended:
        error = ended
    if lines:
        picture = shaded(np.stack(lines).astype(np.int32), direction, shades, regions)
        result.write_window(picture if error is None else picture[:-1])
    if error is not None:
        raise error


def shaded(dn: np.ndarray, direction: int, shades: np.ndarray | None, regions: np.ndarray | None) -> np.ndarray:
    """The picture of int32 ``dn``. Beyond the edges lies the outermost pixel again; the last line stands for the one below it."""
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
    return picture


def shifted(padded: np.ndarray, line: int, sample: int) -> np.ndarray:
    """Each pixel's neighbour."""
    lines, samples = padded.shape
    return padded[1 + line : lines - 1 + line, 1 + sample : samples - 1 + sample]
