"""The limb in an assembled channel: sharp falls to the dark of space along rays from the lit middle; once it is known where the
limb must be, the steepest falls across it, from the mean of neighbouring places."""

from __future__ import annotations

import numpy as np

ACROSS = np.arange(-14, 11, 0.5)  # pixels outwards at which profiles across the limb are read
BESIDE = np.arange(-8, 9)  # pixels along the limb that are taken together
SOFTENED = np.array([1, 2, 3, 2, 1]) / 9
FARTHEST = 5.0  # pixels from where the limb is expected
SKY = 0.15  # of the light inside: more outside is no sky


def limb_points(channel: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
    """Sharp outer edges along rays from the lit middle: lines, samples; and that middle."""
    value = np.nan_to_num(channel)
    top = float(np.percentile(value[::3, ::3], 99.5))
    bright = value[::4, ::4] > 0.25 * top
    if bright.sum() < 200:
        return np.empty(0), np.empty(0), (0.0, 0.0)
    rows, columns = np.nonzero(bright)
    middle = float(rows.mean() * 4), float(columns.mean() * 4)
    angles = np.radians(np.arange(0, 360, 0.75))
    reach = np.arange(20, int(np.hypot(*channel.shape)), 1.0)
    y, x = middle[0] + np.outer(np.sin(angles), reach), middle[1] + np.outer(np.cos(angles), reach)
    profile = bilinear(channel, y, x)
    lines, samples = [], []
    for k, ray in enumerate(profile):
        place = edge(ray, top)
        if place is not None:
            lines.append(middle[0] + np.sin(angles[k]) * (20 + place))
            samples.append(middle[1] + np.cos(angles[k]) * (20 + place))
    return np.array(lines), np.array(samples), middle


def edge(ray: np.ndarray, top: float) -> float | None:
    """Place of the last sharp fall of a profile to the dark of space, or None."""
    inside = np.flatnonzero(np.nan_to_num(ray) > 0.12 * top)
    if not len(inside) or inside[-1] < 25 or inside[-1] + 15 > len(ray):
        return None
    last = inside[-1]
    part = ray[last - 20 : last + 15]
    if not np.isfinite(part).all() or part[-6:].mean() > 0.05 * top:
        return None
    fall = part[:-2] - part[2:]
    fall[1:-1] = (fall[:-2] + 2 * fall[1:-1] + fall[2:]) / 4
    k = int(np.argmax(fall))
    level = part[max(0, k - 8) : k - 2].mean() if k > 4 else 0.0
    if not 3 < k < len(fall) - 2 or level < 0.15 * top or fall[max(0, k - 2) : k + 3].sum() < 0.9 * level:
        return None
    bend = fall[k - 1] - 2 * fall[k] + fall[k + 1]
    return last - 20 + k + 1 + (0.5 * (fall[k - 1] - fall[k + 1]) / bend if bend < 0 else 0.0)


def falls_across(channel: np.ndarray, line: np.ndarray, sample: np.ndarray, down: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How far outside the given places of a limb the light falls most steeply, in pixels; NaN where no fall to the sky is seen.
    ``down`` and ``right``: unit vectors outwards, in lines and samples."""
    total = np.zeros((len(line), len(ACROSS)))
    for along in BESIDE:
        y, x = line[:, None] + down[:, None] * ACROSS + right[:, None] * along, sample[:, None] + right[:, None] * ACROSS
        total += bilinear(channel, y, x - down[:, None] * along)
    profile = total / len(BESIDE)
    fall = np.zeros_like(profile)
    fall[:, 1:-1] = profile[:, :-2] - profile[:, 2:]
    fall = np.stack([np.convolve(row, SOFTENED, "same") for row in fall])
    usable = np.abs(ACROSS) <= FARTHEST
    peak = np.where(usable, fall, -np.inf).argmax(1)
    rows = np.arange(len(fall))
    before, here, after = fall[rows, peak - 1], fall[rows, peak], fall[rows, peak + 1]
    bend = before - 2 * here + after
    with np.errstate(invalid="ignore", divide="ignore"):
        place = ACROSS[peak] + 0.5 * (before - after) / bend * (ACROSS[1] - ACROSS[0])
        sky, light = profile[:, -6:].mean(1), profile[:, 8:16].mean(1)
        good = (bend < 0) & (sky < SKY * light) & (np.abs(place) < FARTHEST - 0.5)
    return np.where(good, place, np.nan)


def bilinear(image: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Values at places, NaN outside."""
    inside = (y >= 0) & (x >= 0) & (y < image.shape[0] - 1) & (x < image.shape[1] - 1)
    y0, x0 = np.where(inside, y, 0).astype(int), np.where(inside, x, 0).astype(int)
    fy, fx = y - y0, x - x0
    upper = image[y0, x0] * (1 - fx) + image[y0, x0 + 1] * fx
    lower = image[y0 + 1, x0] * (1 - fx) + image[y0 + 1, x0 + 1] * fx
    return np.where(inside, upper * (1 - fy) + lower * fy, np.nan)
