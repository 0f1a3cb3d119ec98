"""A colour picture: rate and axis of the spin from the channels themselves, channels laid on each other, weights.

The same cloud passes blue, green and red about 0.37 s apart. Its shift between channels along the lines says how
fast the scene really turned (spin and parallax together), its shift across says how the spin axis lies in the camera.
What is left is taken out by a shift of red and of blue, and, where enough clouds are seen, one that varies over the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.camera import CY
from vicar.junocam.cleaning import FULL_WELL
from vicar.junocam.drift import Drift, find_drift
from vicar.junocam.metadata import Metadata
from vicar.junocam.register import PATCH, patch_shifts, robust_mean
from vicar.junocam.seams import Seam, seams
from vicar.junocam.spin import Cubic, Grid, assemble, grid_for, present_frames, split

ORDER = ("RED", "GREEN", "BLUE", "METHANE")
WEIGHTS = {"RED": 0.902, "GREEN": 1.0, "BLUE": 1.8879, "METHANE": 1.0}
STRIP = CY["BLUE"] - CY["GREEN"]  # rows from strip to strip
REACH = 14  # lines and samples in which clouds are looked for
ENOUGH, PLENTY = 6, 24  # patches for a shift, and for one that varies


@dataclass
class Picture:
    """Assembled channels by filter (float32, NaN = not seen), their grid, and how well they fit."""

    grid: Grid
    channels: dict[str, np.ndarray]
    shifts: dict[str, tuple[float, float]] = field(default_factory=dict)
    registered: bool = False
    residual: dict[str, tuple[float, float, int]] = field(default_factory=dict)  # median |dline|, |dsample|, patches
    seams: dict[str, Seam] = field(default_factory=dict)
    drift: Drift | None = None

    def band_order(self) -> list[str]:
        return [name for name in ORDER if name in self.channels]


def colour(pixels: np.ndarray, meta: Metadata, spin: float | None = None, tilt: float | None = None,
           register: bool = True, blend: bool = True, progress: Callable[[int, int], None] = lambda done, total: None,
           full: float = 0.9 * FULL_WELL) -> Picture:
    """Assemble a calibrated picture. ``spin`` (rad/s) and ``tilt`` (radians) are found from the clouds unless given; steps
    brighter than ``full`` (in the unit of the pixels) do not count as seams."""
    framelets = split(pixels, meta)
    there = {name: present_frames(f) for name, f in framelets.items()}
    if not any(t.any() for t in there.values()):
        raise JunocamError(f"{meta.product_id}: all framelets are empty")
    several = register and {"RED", "GREEN", "BLUE"} <= set(framelets)
    steps, done = len(framelets) * (2 if several else 1) + (1 if several else 0), 0

    def one_pass(grid: Grid, shifts: dict, drift: Drift | None = None) -> dict[str, np.ndarray]:
        nonlocal done, steps
        channels = {}
        steps = max(steps, done + len(framelets))
        for name, stack in framelets.items():
            channels[name] = assemble(stack, grid, name, there[name], shifts.get(name, (0.0, 0.0)), meta.summing, blend,
                                      None if drift is None else drift.motion(grid))
            done += 1
            progress(done, steps)
        return channels

    grid = grid_for(meta, spin, tilt or 0.0)
    picture = Picture(grid, one_pass(grid, {}))
    if several:
        measured = {n: patch_shifts(picture.channels["GREEN"], picture.channels[n], most=150, reach=REACH)
                    for n in ("RED", "BLUE")}
        if min(len(m) for m in measured.values()) >= ENOUGH:
            grid, shifts = better_grid(grid, meta, measured, spin is None, tilt is None)
            picture = Picture(grid, one_pass(grid, shifts), shifts, True)
            for _ in range(2):
                moving = find_motion(picture)
                if moving is None:
                    break
                picture = Picture(grid, one_pass(grid, picture.shifts | moving[1], moving[0]), picture.shifts | moving[1], True,
                                  drift=moving[0])
            straighten(picture)
    picture.seams = seams(picture.channels, picture.grid, full)
    return picture


def better_grid(grid: Grid, meta: Metadata, measured: dict[str, np.ndarray], free_spin: bool,
                free_tilt: bool) -> tuple[Grid, dict[str, tuple[float, float]]]:
    """Spin and tilt from what is opposite in red and blue; shifts from what is left."""
    line = {n: robust_mean(m[:, 2]) for n, m in measured.items()}
    sample = {n: robust_mean(m[:, 3]) for n, m in measured.items()}
    turn, drift = (line["RED"] - line["BLUE"]) / 2, (sample["RED"] - sample["BLUE"]) / 2
    spin, tilt = grid.spin, grid.tilt
    if free_spin:
        spin += turn / STRIP * grid.spin
        line = {"RED": line["RED"] - turn, "BLUE": line["BLUE"] + turn}
    if free_tilt:
        tilt += drift / STRIP
        sample = {"RED": sample["RED"] - drift, "BLUE": sample["BLUE"] + drift}
    return grid_for(meta, spin, tilt), {n: (line[n], sample[n]) for n in measured}


def find_motion(picture: Picture) -> tuple[Drift, dict[str, tuple[float, float]]] | None:
    """How the scene moves beside the spin, in addition to what is taken off already, and the shifts of red and blue; None where
    nothing is to be gained."""
    measured = {n: patch_shifts(picture.channels["GREEN"], picture.channels[n], most=400, reach=REACH) for n in ("RED", "BLUE")}
    found = find_drift(measured, picture.grid, PATCH, robust_fit, picture.drift)
    if found is None:
        return None
    drift, constant = found
    return drift, {n: tuple(a + b for a, b in zip(picture.shifts.get(n, (0.0, 0.0)), constant[n])) for n in constant}


def straighten(picture: Picture) -> None:
    """Measure what is left between channels; where it varies smoothly over the picture, take that out too."""
    green = picture.channels["GREEN"]
    for name in ("RED", "BLUE"):
        left = patch_shifts(green, picture.channels[name], most=200)
        if len(left) >= PLENTY:
            design = terms(left[:, 0], left[:, 1], green.shape)
            down, across = (robust_fit(design, left[:, i]) for i in (2, 3))
            picture.channels[name] = warp(picture.channels[name], down, across)
            left = patch_shifts(green, picture.channels[name], most=200)
        if len(left):
            picture.residual[name] = (float(np.median(np.abs(left[:, 2]))), float(np.median(np.abs(left[:, 3]))), len(left))


def terms(line, sample, shape: tuple[int, int]) -> np.ndarray:
    """1, l, s, ls, s*s for positions scaled to -1..1."""
    x, y = np.asarray(sample) * 2 / shape[1] - 1, np.asarray(line) * 2 / shape[0] - 1
    return np.stack([np.ones_like(x), y, x, x * y, x * x], -1)


def robust_fit(design: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Least squares with what is far off left out."""
    keep = np.ones(len(values), bool)
    for _ in range(3):
        found = np.linalg.lstsq(design[keep], values[keep], rcond=None)[0]
        rest = np.abs(values - design @ found)
        keep = rest <= 3 * 1.4826 * np.median(rest) + 1e-6
    return found


def warp(channel: np.ndarray, down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Resample a channel at positions shifted by the polynomials (at most 3 pixels), block of lines by block."""
    result = np.empty_like(channel)
    nl, ns = channel.shape
    samples = np.arange(ns, dtype=np.float64)
    for first in range(0, nl, 256):
        lines = np.arange(first, min(first + 256, nl), dtype=np.float64)
        design = terms(*np.meshgrid(lines, samples, indexing="ij"), channel.shape)
        y = lines[:, None] + np.clip(design @ down, -3, 3)
        x = samples[None, :] + np.clip(design @ across, -3, 3)
        top, bottom = max(0, first - 8), min(nl, first + 264)
        piece = channel[top:bottom]
        values = Cubic(x.astype(np.float32), (y - top).astype(np.float32), piece.shape)(piece)
        outside = (y < 0) | (y > nl - 1) | (x < 0) | (x > ns - 1)
        result[first : first + 256] = np.where(outside, np.nan, values)
    return result


def shown(channels: list[np.ndarray], weights: list[float], percent: float = 99.8, gamma: float = 1.6) -> np.ndarray:
    """8-bit picture (lines, samples, channels): weighted, one stretch for all channels, with a gamma for the screen."""
    weighted = [np.nan_to_num(c, nan=0.0) * np.float32(w) for c, w in zip(channels, weights)]
    brightest = np.max(weighted, axis=0)
    lit = brightest[brightest > 0]
    top = float(np.percentile(lit[:: max(1, lit.size // 500000)], percent)) if lit.size else 1.0
    return np.stack([(np.clip(c / top, 0, 1) ** (1 / gamma) * 255 + 0.5).astype(np.uint8) for c in weighted], -1)
