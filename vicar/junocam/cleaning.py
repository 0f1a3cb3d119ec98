"""What the detector adds: a pattern of warm pixels, specks of dust, bad pixels and radiation hits.

All are found in the picture itself, from what stays at its place while the scene moves on from frame to frame. Pixels are
(frames, rows, samples) float32 of one filter; work is done in place.
"""

from __future__ import annotations

import numpy as np

FULL_WELL = 1872.0  # 12-bit values, before launch; still in order above
CLIPPED = 2367.0  # where values of a saturated picture (43C00080, red) pile up
GAIN, READ_NOISE = 16.3, 16.6  # electrons a value, electrons
DARK_SHARE = 0.06  # of the bright pixels: a place whose darkest frames lie below sees the sky in them
BASE = 17  # samples over which the sky is level
SPECK = 0.92  # share of the light of its surroundings below which a place is a speck of dust
FAINT = 60.0  # 12-bit values: specks are not looked for in less light
SPECK_BOX = (11, 15)  # rows, samples of the surroundings


def take_pattern(framelets: np.ndarray, there: np.ndarray) -> int:
    """Subtract the pattern of warm pixels; gives how many places.

    Warm pixels leave streaks along the rows when the charge is shifted (TDI), which do not look like single bad pixels. The
    darkest third of the frames shows them wherever that third sees the sky.
    """
    frames = np.flatnonzero(there)
    third = len(frames) // 3
    if third < 3:
        return 0
    darkest = np.partition(framelets[frames], third - 1, axis=0)[:third].mean(0)
    level = base_level(darkest)
    excess = darkest - level
    noise = 1.4826 * float(np.median(np.abs(excess)))
    top = float(np.percentile(framelets[frames][:, ::4, ::4], 99))
    warm = (np.abs(excess) > 3 * max(noise, 0.1)) & (level < max(DARK_SHARE * top, 1.0))
    framelets[frames] -= np.where(warm, excess, np.float32(0))
    return int(warm.sum())


def base_level(plane: np.ndarray) -> np.ndarray:
    """Median over all rows and `BASE` samples around each column, (samples,)."""
    padded = np.pad(plane, ((0, 0), (BASE // 2, BASE // 2)), mode="edge")
    return np.array([np.median(padded[::2, i : i + BASE]) for i in range(plane.shape[1])], np.float32)


def take_dust(framelets: np.ndarray, there: np.ndarray) -> int:
    """Brighten places that are darker than their surroundings by the same share in all frames; gives how many places."""
    seen = np.flatnonzero(there)
    if len(seen) < 3:
        return 0
    floor = max(0.15 * float(np.percentile(framelets[seen][:, ::4, ::4], 99)), FAINT)
    speck = np.zeros(framelets.shape[1:], bool)
    for _ in range(2):  # the second time the surroundings are without specks
        total, squares, count = (np.zeros(speck.shape, np.float32) for _ in range(3))
        sound = (~speck).astype(np.float32)
        share = box_mean(sound, *SPECK_BOX)
        for frame in seen:
            around = box_mean(framelets[frame] * sound, *SPECK_BOX) / np.maximum(share, 0.1)
            edge = box_mean(framelets[frame] < 0.5 * floor, *SPECK_BOX) > 0.2  # the limb is no speck
            usable = (around > floor) & ~edge
            ratio = np.where(usable, np.clip(framelets[frame] / np.maximum(around, floor), 0.1, 1.3), np.float32(0))
            total, squares, count = total + ratio, squares + ratio**2, count + usable
        mean = total / np.maximum(count, 1)
        error = np.sqrt(np.maximum(squares / np.maximum(count, 1) - mean**2, 0) / np.maximum(count - 1, 1))
        speck = (count >= 3) & (mean < SPECK) & (mean + 5 * np.maximum(error, 0.01) < 1)
    framelets[seen] /= np.where(speck, np.maximum(mean, 0.15), np.float32(1))
    return int(speck.sum())


def box_mean(plane: np.ndarray, rows: int, samples: int) -> np.ndarray:
    """Mean of a box around each pixel, borders repeated (rows and samples odd)."""
    padded = np.pad(plane.astype(np.float64), ((rows // 2 + 1, rows // 2), (samples // 2 + 1, samples // 2)), mode="edge")
    padded[0], padded[:, 0] = 0, 0
    table = padded.cumsum(0).cumsum(1)
    total = table[rows:, samples:] - table[:-rows, samples:] - table[rows:, :-samples] + table[:-rows, :-samples]
    return (total / (rows * samples)).astype(np.float32)


def repair(framelets: np.ndarray, there: np.ndarray, threshold: float) -> tuple[int, int]:
    """Replace pixels that stand out from their 8 neighbours by the neighbours' median.

    A pixel that stands out in most frames is a fixed one, up or down; others are hits, up only. Gives how many places of the
    first and how many pixels of the second kind.
    """
    frames = np.flatnonzero(there)
    if not len(frames):
        return 0, 0
    votes = np.zeros(framelets.shape[1:], np.int32)
    found = []
    for frame in frames:
        excess, sigma = standing_out(framelets[frame])
        hit = excess > threshold * sigma
        votes += hit
        votes += excess < -threshold * sigma
        found.append(hit)
    fixed = (votes > max(3, 0.6 * len(frames))) if len(frames) > 4 else np.zeros_like(votes, bool)
    hits = 0
    for frame, hit in zip(frames, found):
        mask = hit | fixed
        hits += int((hit & ~fixed).sum())
        rows, columns = np.nonzero(mask)
        if len(rows):
            framelets[frame][rows, columns] = neighbours(framelets[frame], rows, columns, mask)
    return int(fixed.sum()), hits


def standing_out(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far each pixel lies from the mean of the two middle ones of its four neighbours, and the noise expected there. Two
    neighbours that are as bright (or as dark) make it part of an edge: no more than twice the distance to the second counts."""
    padded = np.pad(pixels, 1, mode="edge")
    up, down, left, right = padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]
    (high1, low1), (high2, low2) = ((np.maximum(a, b), np.minimum(a, b)) for a, b in ((up, down), (left, right)))
    higher, lower = np.maximum(high1, high2), np.minimum(low1, low2)
    second, third = np.maximum(np.minimum(high1, high2), np.maximum(low1, low2)), np.minimum(
        np.maximum(low1, low2), np.minimum(high1, high2))
    typical = (up + down + left + right - higher - lower) / 2
    spread = higher - lower
    # companding steps grow with the value, at most 32; clouds and limbs may differ by half the range around the pixel
    sigma = np.sqrt((READ_NOISE / GAIN) ** 2 + np.maximum(typical, 0) / GAIN + (typical / 90) ** 2)
    up_by = np.clip(pixels - typical, 0, np.maximum(2 * (pixels - second), 0))
    down_by = np.clip(typical - pixels, 0, np.maximum(2 * (third - pixels), 0))
    return up_by - down_by, sigma + 0.15 * np.minimum(spread, 6 * sigma)


def neighbours(pixels: np.ndarray, rows: np.ndarray, columns: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Median of the sound pixels among the 24 around each place; the pixel itself where none is sound."""
    near = []
    for dy in (-2, -1, 0, 1, 2):
        for dx in (-2, -1, 0, 1, 2):
            if dx or dy:
                y, x = np.clip(rows + dy, 0, pixels.shape[0] - 1), np.clip(columns + dx, 0, pixels.shape[1] - 1)
                near.append(np.where(mask[y, x], np.nan, pixels[y, x]))
    stack = np.array(near)
    alone = np.isnan(stack).all(0)
    stack[:, alone] = pixels[rows, columns][alone]
    return np.nanmedian(stack, axis=0)
