"""Laying channels on each other: shifts of patches of cloud between two channels, by correlation."""

from __future__ import annotations

import numpy as np

PATCH = 64
MINIMUM = 0.6  # correlation a patch must reach


def patch_shifts(reference: np.ndarray, other: np.ndarray, patch: int = PATCH, most: int = 400,
                 reach: int = 8) -> np.ndarray:
    """Shifts of ``other`` against ``reference`` (same size, NaN = nothing): rows of (line, sample, dline, dsample, correlation).

    A positive shift says that a cloud lies at higher lines or samples in ``other``. Patches without structure, and those
    whose correlation is below 0.6 or whose peak is at the border of the search, are left out.
    """
    spots = places(reference, other, patch, most)
    if not spots:
        return np.empty((0, 5))
    window = np.outer(np.hanning(patch), np.hanning(patch))
    first = prepared(np.stack([reference[y : y + patch, x : x + patch] for y, x in spots]), window)
    second = prepared(np.stack([other[y : y + patch, x : x + patch] for y, x in spots]), window)
    product = np.fft.rfft2(second) * np.conj(np.fft.rfft2(first))
    plane = np.fft.fftshift(np.fft.irfft2(product, s=(patch, patch)), axes=(1, 2))
    power = np.sqrt((first**2).sum((1, 2)) * (second**2).sum((1, 2)))
    middle = patch // 2
    plane = plane[:, middle - reach : middle + reach + 1, middle - reach : middle + reach + 1] / power[:, None, None]
    rows = []
    for (y, x), surface in zip(spots, plane):
        peak = np.unravel_index(np.argmax(surface), surface.shape)
        if surface[peak] < MINIMUM or not all(0 < p < 2 * reach for p in peak):
            continue
        dy = peak[0] - reach + summit(surface[peak[0] - 1 : peak[0] + 2, peak[1]])
        dx = peak[1] - reach + summit(surface[peak[0], peak[1] - 1 : peak[1] + 2])
        rows.append((y + middle, x + middle, dy, dx, surface[peak]))
    return np.array(rows).reshape(-1, 5)


def places(reference: np.ndarray, other: np.ndarray, patch: int, most: int) -> list[tuple[int, int]]:
    """Corners of patches that are covered in both, bright, and away from the limb; at most ``most``."""
    level = 0.3 * np.nanpercentile(reference[::4, ::4], 98)
    found = []
    for y in range(0, reference.shape[0] - patch, patch // 2):
        for x in range(0, reference.shape[1] - patch, patch // 2):
            one, two = reference[y : y + patch, x : x + patch], other[y : y + patch, x : x + patch]
            if np.isfinite(one).all() and np.isfinite(two).all() and one.min() > level and one.std() > 0.01 * one.mean():
                found.append((y, x))
    step = max(1, len(found) // most)
    return found[::step]


def prepared(patches: np.ndarray, window: np.ndarray) -> np.ndarray:
    """Patches (n, p, p) without their curved surface (limb darkening) and sharpest noise, faded to their borders."""
    size = patches.shape[1]
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    surface = np.linalg.qr(np.stack([np.ones(x.size), *(v.ravel() for v in (x, y, x * x, x * y, y * y))], 1))[0]
    surface = surface.astype(np.float32)
    flat = patches.reshape(len(patches), -1)
    rest = (flat - (flat @ surface) @ surface.T).reshape(patches.shape)
    soft = rest.copy()
    across = rest[:, :, :-2] + 2 * rest[:, :, 1:-1] + rest[:, :, 2:]
    soft[:, 1:-1, 1:-1] = (across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]) / 16
    return soft * window.astype(np.float32)


def summit(three: np.ndarray) -> float:
    """Place of the top of a parabola through three values, from the middle one."""
    bend = three[0] - 2 * three[1] + three[2]
    return 0.0 if bend >= 0 else float(0.5 * (three[0] - three[2]) / bend)


def robust_mean(values: np.ndarray) -> float:
    """Mean of what lies within three robust deviations of the median."""
    middle = np.median(values)
    spread = 1.4826 * np.median(np.abs(values - middle)) + 1e-6
    return float(values[np.abs(values - middle) < 3 * spread].mean())
