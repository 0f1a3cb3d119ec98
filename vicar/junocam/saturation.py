"""Saturated pixels: where one filter has reached its largest value its share of the colour is not known.

Left alone, saturated red (in pictures of long exposures) makes white clouds green. Red is then estimated from green, by the
colour of places that are nearly saturated; or such places are shown without colour, or cut out.
"""

from __future__ import annotations

import numpy as np

from vicar.junocam.calibration import smooth_flat, unit_scale
from vicar.junocam.camera import centre_angle, pixel_of
from vicar.junocam.cleaning import CLIPPED
from vicar.junocam.metadata import Metadata
from vicar.junocam.spin import Grid

NEARLY = 0.94  # of the largest value: neutral begins
FULLY = 0.985
FEWEST = 50  # nearly saturated places that tell a colour


def saturated(channel: np.ndarray, grid: Grid, name: str, meta: Metadata, units: str) -> np.ndarray:
    """0 to 1 for each pixel of an assembled channel: how far it is saturated. The flat field, which has brightened the borders of
    the framelets, is undone by the mean of its rows."""
    x, _ = pixel_of(centre_angle(name), grid.beta(np.arange(grid.ns)), name, grid.tilt)
    flat = smooth_flat(name).mean(0)
    profile = np.interp(np.nan_to_num(x), np.arange(len(flat)), flat)
    full = channel * (profile / unit_scale(name, meta, units) / CLIPPED).astype(np.float32)
    return np.clip((np.nan_to_num(full) - NEARLY) / (FULLY - NEARLY), 0, 1)


def treated(bands: list[np.ndarray], shares: list[np.ndarray], how: str) -> list[np.ndarray]:
    """Weighted bands (NaN or 0 where nothing was seen) with saturated places (shares of 0 to 1) as ``how`` says: RESTORE,
    NEUTRAL, MASK (0) or KEEP."""
    most = np.max(shares, axis=0)
    if how == "KEEP" or len(bands) == 1 or not most.any():
        return bands
    if how == "RESTORE":
        return restored(bands, shares)
    if how == "NEUTRAL":
        return neutral(bands, shares)
    return [np.where(most > 0.5, np.float32(0), band) for band in bands]


def restored(bands: list[np.ndarray], shares: list[np.ndarray]) -> list[np.ndarray]:
    """Saturated bands estimated from the least saturated one, by the colour of places that are nearly saturated."""
    guide = int(np.argmin([share.sum() for share in shares]))
    result = []
    for band, share in zip(bands, shares):
        near = (share > 0) & (share < 0.9) & (bands[guide] > 0) & (shares[guide] == 0)
        if band is bands[guide] or near.sum() < FEWEST:
            result.append(band)
            continue
        colour = float(np.median(band[near] / bands[guide][near]))
        result.append(band + np.maximum(colour * bands[guide] - band, 0).astype(np.float32) * share)
    return result


def neutral(bands: list[np.ndarray], shares: list[np.ndarray]) -> list[np.ndarray]:
    """Bands without colour where any is saturated: all like the brightest of those that are not."""
    sound = np.max([np.where(share < 0.5, band, -np.inf) for band, share in zip(bands, shares)], axis=0)
    grey = np.where(np.isfinite(sound), sound, np.max(bands, axis=0)).astype(np.float32)
    most = np.max(shares, axis=0)
    return [np.where(most > 0, band + (grey - band) * most, band) for band in bands]
