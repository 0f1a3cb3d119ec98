"""From raw codes to linear values, flat-fielded, cleaned, and on a physical scale.

Sources of the numbers: the camera's 2010 calibration report (response, gain, read noise); full well before launch; the smooth
flat is a polynomial through the flat fields that Brian Swift published (MIT licence), each strip 1 at its middle; it leaves
0.5 percent (root mean square). A full flat field (384 by 1648, blue, green, red) does better.

known: the absolute scale rests on numbers from before launch and on sunlight integrated over ideal bands, good to 20 percent
at best; bleeding of saturated columns is counted, not repaired.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.camera import DARK, LIGHT, ROWS
from vicar.junocam.companding import expand
from vicar.junocam.metadata import Metadata
from vicar.junocam.spin import present_frames, split

AU = 1.495978707e8  # km
FULL_WELL = 1872.0  # 12-bit values
GAIN, READ_NOISE = 16.3, 16.6  # electrons a value, electrons
RESPONSE = {"RED": 217239.0, "GREEN": 332944.0, "BLUE": 262186.0, "METHANE": 57761.0}  # values/s per W/m2/sr
SUNLIGHT = {"BLUE": 196.0, "GREEN": 187.0, "RED": 292.0, "METHANE": 18.9}  # W/m2 in the band at 1 AU
UNITS = ("DN", "RADIANCE", "IOF")
FLAT_POWERS = (6, 2)  # highest powers of sample and row
# coefficients of x**i y**j, x = (sample-814)/814, y = (row-63.5)/64, in the order i*(3)+j
SMOOTH_FLATS: dict[str, tuple[float, ...]] = {
    "BLUE": (
        1.00520, 0.01068, 0.00757, -0.20110, -0.00170, -0.00783, -0.35359, -0.04166, -0.06473,
        0.00393, 0.00810, 0.02300, 0.28216, 0.09486, 0.16874, 0.08927, -0.00868, -0.01285,
        -0.20521, -0.06141, -0.11337,
    ),
    "GREEN": (
        1.00471, -0.00283, 0.00082, -0.17441, 0.00414, 0.00009, -0.35646, 0.00942, -0.00051,
        0.02136, -0.00453, -0.00624, 0.42455, -0.01787, -0.02143, 0.07146, -0.00326, 0.00912,
        -0.33996, 0.01193, 0.02011,
    ),
    "RED": (
        1.00365, -0.00533, -0.00047, -0.18035, 0.00270, 0.00870, -0.31089, 0.00094, 0.01655,
        0.00605, -0.00994, -0.03297, 0.18623, 0.01285, -0.04716, 0.09859, 0.00708, 0.02510,
        -0.16535, -0.01179, 0.03071,
    ),
}


@dataclass
class Calibrated:
    """Linear values (float32, lines x samples, as the raw picture) and what was done to them."""

    pixels: np.ndarray
    dark: dict[str, float] = field(default_factory=dict)
    repaired: int = 0
    fixed: int = 0
    saturated: int = 0
    missing: dict[str, list[int]] = field(default_factory=dict)
    scale: dict[str, float] = field(default_factory=dict)


def calibrate(raw: np.ndarray, meta: Metadata, flat: np.ndarray | None = None, dark: np.ndarray | None = None,
              units: str = "DN", clean: bool = True, threshold: float = 6.0) -> Calibrated:
    """Calibrate a picture. ``flat`` and ``dark``: (rows of all filters, samples), or None for the smooth flat and the
    masked columns. Lost framelets stay 0. Raises `JunocamError`."""
    values = raw.astype(np.float32) if meta.linear else expand(raw, meta.bit_mode).astype(np.float32)
    result = Calibrated(values)
    for number, (name, framelets) in enumerate(split(values, meta).items()):
        rows = framelets.shape[1]
        there = present_frames(framelets)
        if not there.all():
            result.missing[name] = [int(k) for k in np.flatnonzero(~there)]
        result.saturated += int((framelets >= FULL_WELL).sum())
        level = dark_level(framelets, there, meta.summing)
        result.dark[name] = float(level)
        bias = level if dark is None else part(dark, number, rows, "dark")
        gain = smooth_flat(name, meta.summing) if flat is None else relative(part(flat, number, rows, "flat"))
        light = slice(LIGHT.start // meta.summing, LIGHT.stop // meta.summing)
        if clean:
            fixed, hits = repair(framelets[:, :, light], there, threshold)
            result.fixed, result.repaired = result.fixed + fixed, result.repaired + hits
        scale = unit_scale(name, meta, units)
        result.scale[name] = scale
        for frame in np.flatnonzero(there):
            framelets[frame] = (framelets[frame] - bias) / gain * np.float32(scale)
    return result


def dark_level(framelets: np.ndarray, there: np.ndarray, summing: int) -> np.float32:
    """Mean of the masked columns without hits; 0 if all framelets are lost."""
    masked = framelets[there][:, :, DARK.start // summing : DARK.stop // summing]
    if not masked.size:
        return np.float32(0)
    limit = np.percentile(masked, 99)
    return np.float32(masked[masked <= limit].mean())


def part(whole: np.ndarray, number: int, rows: int, what: str) -> np.ndarray:
    """Strip ``number`` of a calibration picture."""
    strip = whole[number * rows : (number + 1) * rows]
    if strip.shape[0] != rows or whole.shape[1] != (1648 * rows) // ROWS:
        raise JunocamError(f"the {what} picture is {whole.shape[0]} by {whole.shape[1]}, this image needs {rows} lines a "
                           f"filter of {(1648 * rows) // ROWS}")
    return strip.astype(np.float32)


def relative(strip: np.ndarray) -> np.ndarray:
    """A flat strip as a share of its middle; pixels without response get 1."""
    rows, samples = strip.shape
    middle = float(np.median(strip[rows // 4 : -rows // 4, samples * 3 // 8 : samples * 5 // 8]))
    if not np.isfinite(middle) or middle <= 0:
        raise JunocamError("the flat field is dark in the middle")
    share = strip / np.float32(middle)
    return np.where(np.isfinite(share) & (share > 0.1), share, np.float32(1))


def smooth_flat(name: str, summing: int = 1) -> np.ndarray:
    """The built-in flat of a filter, float32 (rows, samples); 1 in the masked columns. Methane takes that of red."""
    step = summing
    x = (np.arange(0, 1648, step) + (step - 1) / 2 - 814) / 814
    y = (np.arange(0, ROWS, step) + (step - 1) / 2 - 63.5) / 64
    powers = np.array(SMOOTH_FLATS["RED" if name == "METHANE" else name]).reshape(FLAT_POWERS[0] + 1, FLAT_POWERS[1] + 1)
    flat = np.polynomial.polynomial.polygrid2d(y, x, powers.T)
    flat[:, : LIGHT.start // step] = 1
    flat[:, LIGHT.stop // step :] = 1
    return flat.astype(np.float32)


def unit_scale(name: str, meta: Metadata, units: str) -> float:
    """Factor from 12-bit values to the unit: RADIANCE W/m2/sr in the band, IOF pi*radiance over sunlight."""
    if units == "DN":
        return 1.0
    radiance = 1 / (meta.exposure / 1000 * RESPONSE[name])
    if units == "RADIANCE":
        return radiance
    if meta.solar_distance is None:
        raise JunocamError("I/F needs SOLAR_DISTANCE in the metadata")
    return float(np.pi * radiance / SUNLIGHT[name] * (meta.solar_distance / AU) ** 2)


def repair(framelets: np.ndarray, there: np.ndarray, threshold: float) -> tuple[int, int]:
    """Replace, in place, pixels that stand out from their 8 neighbours by the neighbours' median.

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
    """How far each pixel is outside the range of its four nearest neighbours pairs' larger mean, and the noise there."""
    padded = np.pad(pixels, 1, mode="edge")
    up, down, left, right = padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]
    higher, lower = np.maximum(np.maximum(up, down), np.maximum(left, right)), np.minimum(
        np.minimum(up, down), np.minimum(left, right))
    typical = (up + down + left + right - higher - lower) / 2
    spread = higher - lower
    # companding steps grow with the value, at most 32; clouds and limbs may differ by half the range around the pixel
    sigma = np.sqrt((READ_NOISE / GAIN) ** 2 + np.maximum(typical, 0) / GAIN + (typical / 90) ** 2)
    return pixels - typical, sigma + 0.15 * np.minimum(spread, 6 * sigma)


def neighbours(pixels: np.ndarray, rows: np.ndarray, columns: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Median of the sound pixels among the 24 around each place."""
    near = []
    for dy in (-2, -1, 0, 1, 2):
        for dx in (-2, -1, 0, 1, 2):
            if dx or dy:
                y, x = np.clip(rows + dy, 0, pixels.shape[0] - 1), np.clip(columns + dx, 0, pixels.shape[1] - 1)
                near.append(np.where(mask[y, x], np.nan, pixels[y, x]))
    with np.errstate(all="ignore"):
        stack = np.array(near)
        stack[:, np.isnan(stack).all(0)] = 0
        return np.nanmedian(stack, axis=0)
