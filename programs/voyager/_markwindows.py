"""Windows around reseau marks: cut out, cleared of gaps and hot edges, and correlated with the shape of a mark.

Source: ``vos/p2/prog/resloc`` (get_window, check_window, filter_B, compute_A, compute_R_detrend, compute_R_gap, detrend_window,
find_rmax, interp_max, compute_dn, compute_dedge). Windows are int32 arrays of lines by samples with the mark in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.missions import reseau
from vicar.numerics import libm

f32 = np.float32
OUTSIDE, GAP, NONE = -999, -998, f32(-999)
RUN = 7  # zeros in a row that are taken for a gap
SIZE = 800
EVERY_PIXEL = 0.5  # share of a window that must be valid
URANUS = 7


@dataclass
class Template:
    """The shape of a mark, and what is known of it."""

    shape: np.ndarray  # int32, lines by samples
    mean: np.float32
    sigma: np.float32
    area: np.float32
    samples_squared: np.float32  # sum of the squared sample offsets
    lines_squared: np.float32

    @property
    def half(self) -> tuple[int, int]:
        return self.shape.shape[0] // 2, self.shape.shape[1] // 2


def template(lines: int, samples: int, sigma: np.float32) -> Template:
    """An inverted Gaussian, 0 in the middle and 255 far out."""
    ja, ia = lines // 2, samples // 2
    factor = f32(-1) / (f32(2) * sigma**2)
    squares = np.arange(-ja, ja + 1)[:, None] ** 2 + np.arange(-ia, ia + 1) ** 2
    shape = (f32(255) * (f32(1) - libm.exp(factor * squares.astype(f32)))).astype(np.int32)
    area = f32((2 * ia + 1) * (2 * ja + 1))
    mean = f32(shape.sum()) / area
    spread = np.sqrt(f32((shape**2).sum()) / area - mean**2)
    across = f32(ia * (ia + 1) * (2 * ia + 1) * (2 * ja + 1)) / f32(3)
    down = f32(ja * (ja + 1) * (2 * ja + 1) * (2 * ia + 1)) / f32(3)
    return Template(shape, mean, spread, area, across, down)


def cut(image: np.ndarray, line: int, sample: int, half_lines: int, half_samples: int) -> np.ndarray:
    """The window around a pixel (from 1); what lies outside the image is `OUTSIDE`."""
    window = np.full((2 * half_lines + 1, 2 * half_samples + 1), OUTSIDE, np.int32)
    top, left = line - half_lines, sample - half_samples
    l1, l2 = max(top, 1), min(line + half_lines, SIZE)
    s1, s2 = max(left, 1), min(sample + half_samples, SIZE)
    if l1 <= l2 and s1 <= s2:
        window[l1 - top : l2 - top + 1, s1 - left : s2 - left + 1] = image[l1 - 1 : l2, s1 - 1 : s2]
    return window


def mark_gaps(window: np.ndarray, line: int, sample: int, kind: int, planet: int) -> bool:
    """Make runs of zeros `GAP`; tells whether there were any.

    Since Uranus the spacecraft cut off lines: runs that begin with the first sample of an even line, or end with the last of
    any, are then gaps however short.
    """
    if not (window == 0).any():
        return False
    half_lines, half_samples = window.shape[0] // 2, window.shape[1] // 2
    left = kind in (reseau.UPPER_LEFT, reseau.LOWER_LEFT, reseau.LEFT) and planet >= URANUS
    right = kind in (reseau.UPPER_RIGHT, reseau.LOWER_RIGHT, reseau.RIGHT) and planet >= URANUS
    first_line, first_sample = line - half_lines, sample - half_samples
    gap = False
    for offset, row in enumerate(window):
        for start, stop in _runs(row == 0):
            ended = stop < len(row)
            cut_left = left and (first_line + offset) % 2 == 0 and first_sample + start == 1
            cut_right = right and first_sample + stop - 1 == SIZE
            if stop - start >= RUN or (ended and (cut_left or cut_right)):
                row[start:stop] = GAP
                gap = True
    for column in window.T:
        for start, stop in _runs((column == 0) | (column == GAP)):
            if stop - start >= RUN and stop < len(column):  # a run that reaches the lower end is not seen
                column[start:stop] = GAP
                gap = True
    return gap


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Start and end (not included) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def cool_edges(window: np.ndarray, line: int, sample: int, kind: int) -> None:
    """Scale the bright first lines (or samples) of the image to the level of the fourth (third)."""
    if kind in (reseau.UPPER_LEFT, reseau.UPPER_RIGHT, reseau.TOP):
        _scale(window, 4, line)
    elif kind in (reseau.LOWER_LEFT, reseau.LEFT):
        _scale(window.T, 3, sample)


def _scale(rows: np.ndarray, reference: int, centre: int) -> None:
    half = rows.shape[0] // 2
    means = [NONE] * (reference + 1)
    for number in range(1, reference + 1):
        if abs(number - centre) <= half:
            valid = rows[number - centre + half]
            valid = valid[valid >= 0]
            if len(valid):
                means[number] = np.add.accumulate(valid.astype(f32), dtype=f32)[-1] / f32(len(valid))
    for number in range(1, reference):
        if means[number] > 0:
            row = rows[number - centre + half]
            factor = means[reference] / means[number]
            scaled = (row.astype(f32) * factor).astype(np.int32)
            row[:] = np.where(row >= 0, scaled.astype(np.int16), row)


def correlate(shape: Template, window: np.ndarray) -> np.ndarray:
    """Correlation with the template at each place of the search area, float32; a tilted plane is taken off before.

    The original multiplies the 16-bit window by the 16-bit template in 16 bits, so large products wrap round; so here.
    """
    parts = np.lib.stride_tricks.sliding_window_view(window, shape.shape.shape)
    ja, ia = shape.half
    i, j = np.arange(-ia, ia + 1), np.arange(-ja, ja + 1)
    total = parts.sum(axis=(2, 3))
    across = (parts * i).sum(axis=(2, 3)).astype(f32) / shape.samples_squared
    down = (parts * j[:, None]).sum(axis=(2, 3)).astype(f32) / shape.lines_squared
    level = total.astype(f32) / shape.area
    plane = across[..., None, None].astype(float) * i + down[..., None, None].astype(float) * j[:, None]
    flat = (parts - (plane + level[..., None, None].astype(float))).astype(np.int32).astype(np.int16)
    flat_mean = flat.sum(axis=(2, 3)).astype(f32) / shape.area
    variance = (flat.astype(np.int32) ** 2).sum(axis=(2, 3)).astype(f32) / shape.area - flat_mean**2
    common = (flat * shape.shape.astype(np.int16)).sum(axis=(2, 3)).astype(f32) / shape.area - shape.mean * flat_mean
    with np.errstate(all="ignore"):
        return np.where(variance > 0, common / (shape.sigma * np.sqrt(variance)), NONE)


def correlate_with_gaps(shape: Template, window: np.ndarray) -> np.ndarray:
    """Correlation over the valid pixels alone, float32; `NONE` where fewer than half are valid."""
    parts = np.lib.stride_tricks.sliding_window_view(window, shape.shape.shape)
    valid = parts >= 0
    pixels, model = np.where(valid, parts, 0), np.where(valid, shape.shape, 0)
    number = valid.sum(axis=(2, 3)).astype(f32)
    with np.errstate(all="ignore"):
        mean = pixels.sum(axis=(2, 3)).astype(f32) / number
        variance = (pixels**2).sum(axis=(2, 3)).astype(f32) / number - mean**2
        model_mean = model.sum(axis=(2, 3)).astype(f32) / number
        model_variance = (model**2).sum(axis=(2, 3)).astype(f32) / number - model_mean**2
        common = (pixels * model).sum(axis=(2, 3)).astype(f32) / number - model_mean * mean
        found = common / np.sqrt(model_variance * variance)
    usable = (number >= f32(EVERY_PIXEL) * f32(shape.shape.size)) & ~(variance <= 0)
    return np.where(usable, found, NONE)


def peaks(field: np.ndarray) -> list[tuple[int, int]]:
    """Line and sample of up to three highest local maxima away from the edge, highest first."""
    inner = field[1:-1, 1:-1]
    higher = np.ones(inner.shape, bool)
    for dl in (0, 1, 2):
        for ds in (0, 1, 2):
            if (dl, ds) != (1, 1):
                higher &= ~(inner <= field[dl : dl + inner.shape[0], ds : ds + inner.shape[1]])
    higher &= inner > NONE
    lines, samples = np.nonzero(higher)
    best = np.argsort(-inner[lines, samples], kind="stable")[:3]
    return [(int(lines[n]) + 1, int(samples[n]) + 1) for n in best]


def refine(field: np.ndarray, line: int, sample: int) -> tuple[np.float32, np.float32, np.float32]:
    """Height of a maximum and its offset in lines and samples, from parabolas through three values each way."""
    middle = field[line, sample]
    dx, rx = _parabola(field[line, sample - 1], middle, field[line, sample + 1])
    dy, ry = _parabola(field[line - 1, sample], middle, field[line + 1, sample])
    height = (rx + ry) / f32(2)
    return min(height, f32(1)) if height == height else height, dy, dx


def _parabola(before, middle, after) -> tuple[np.float32, np.float32]:
    if before > -1 and after > -1:
        a, b = after - f32(2) * middle + before, after - before
        if abs(a) > f32(0.0001):
            offset = -b / (f32(2) * a)
            return offset, a * offset**2 + b * offset + middle
    return f32(0), middle


def darkness(window: np.ndarray) -> np.float32:
    """Darkest value in the middle of a window, from parabolas, or the darkest near it where the middle is missing."""
    l0, s0 = window.shape[0] // 2, window.shape[1] // 2
    middle = int(window[l0, s0])
    if middle < 0:
        for part in (window[l0 - 1 : l0 + 2, s0 - 1 : s0 + 2], window):
            valid = part[part >= 0]
            if len(valid):
                return f32(min(int(valid.min()), 256))
        return f32(256)
    across = _minimum(int(window[l0, s0 - 1]), middle, int(window[l0, s0 + 1]))
    down = _minimum(int(window[l0 - 1, s0]), middle, int(window[l0 + 1, s0]))
    if across != NONE and down != NONE:
        dark = (across + down) / f32(2)
    elif across != NONE:
        dark = across
    else:
        dark = down if down != NONE else f32(256)
    dark = max(dark, f32(0))
    return f32(middle) if dark == 256 else dark


def _minimum(before: int, middle: int, after: int) -> np.float32:
    curve = after - 2 * middle + before
    if before < 0 or after < 0 or curve == 0:
        return NONE
    slope = f32(after - before)
    place = -slope / (f32(2) * f32(curve))
    return f32(curve) * place**2 + slope * place + f32(middle)


def border_mean(window: np.ndarray) -> np.float32:
    """Mean of the valid pixels on the border of a window."""
    border = np.concatenate([window[0], window[-1], window[1:-1, 0], window[1:-1, -1]])
    valid = border[border >= 0]
    return f32(valid.sum()) / f32(len(valid)) if len(valid) else NONE
