"""From raw codes to linear values, flat-fielded, cleaned, and on a physical scale.

Sources of the numbers: the camera's 2010 calibration report (response, gain, read noise); full well before launch; the smooth
flat is a polynomial through the flat fields that Brian Swift published (MIT licence), each strip 1 at its middle; it leaves
0.5 percent (root mean square). A full flat field (384 by 1648, blue, green, red) does better.

Warm pixels, dust and hits: ``cleaning``; stray light of methane: ``stray``.

known: the absolute scale rests on numbers from before launch and on sunlight integrated over ideal bands, good to 20 percent
at best; bleeding of saturated columns is counted, not repaired.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.camera import DARK, LIGHT, ROWS
from vicar.junocam.cleaning import CLIPPED, repair, take_dust, take_pattern
from vicar.junocam.companding import expand
from vicar.junocam.flatness import row_shares, take_slopes
from vicar.junocam.metadata import Metadata
from vicar.junocam.spin import present_frames, split
from vicar.junocam.stray import STRAY_FILTERS, cut, stray_light

AU = 1.495978707e8  # km
RESPONSE = {"RED": 217239.0, "GREEN": 332944.0, "BLUE": 262186.0, "METHANE": 57761.0}  # values/s per W/m2/sr
SUNLIGHT = {"BLUE": 196.0, "GREEN": 187.0, "RED": 292.0, "METHANE": 18.9}  # W/m2 in the band at 1 AU
UNITS = ("DN", "RADIANCE", "IOF")
METHANE_SLOPE = 0.049  # of the methane flat over 64 rows, from the overlaps of a picture of perijove 44
# By how much the outermost rows of methane see brighter than the smooth flat: first and last row, falling to nothing over
# some rows; from the mean course of 600 even places in picture 44M00040. In the colours the blending hides it.
METHANE_EDGES, EDGE_ROWS = (-0.008, 0.011), 10
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
    warm: int = 0
    dust: int = 0
    repaired: int = 0
    fixed: int = 0
    saturated: int = 0
    missing: dict[str, list[int]] = field(default_factory=dict)
    scale: dict[str, float] = field(default_factory=dict)
    stray: dict[str, float] = field(default_factory=dict)  # the most that was found, 12-bit values
    cut: int = 0
    uneven: dict[str, float] = field(default_factory=dict)  # largest share of the light taken off between first and last rows


@dataclass(frozen=True)
class Settings:
    """What to do. ``flat`` and ``dark``: (rows of all filters, samples), or None for the smooth flat and the masked columns."""

    flat: np.ndarray | None = None
    dark: np.ndarray | None = None
    units: str = "DN"
    clean: bool = True
    threshold: float = 6.0
    stray: str = "SUBTRACT"  # or CUT, KEEP
    share: float = 0.2  # of a pixel's light that may be stray before CUT takes it
    even: bool = True  # take off what the overlaps show that the flat field has left


def calibrate(raw: np.ndarray, meta: Metadata, settings: Settings = Settings()) -> Calibrated:
    """Calibrate a picture. Lost framelets stay 0. Raises `JunocamError`."""
    values = raw.astype(np.float32) if meta.linear else expand(raw, meta.bit_mode).astype(np.float32)
    result = Calibrated(values)
    for number, (name, framelets) in enumerate(split(values, meta).items()):
        there = present_frames(framelets)
        if not there.all():
            result.missing[name] = [int(k) for k in np.flatnonzero(~there)]
        result.saturated += int((framelets >= CLIPPED).sum())
        rows = framelets.shape[1]
        level = dark_level(framelets, there, meta.summing)
        result.dark[name] = float(level)
        framelets[there] -= level if settings.dark is None else part(settings.dark, number, rows, "dark")
        light = framelets[:, :, LIGHT.start // meta.summing : LIGHT.stop // meta.summing]
        if settings.clean:
            result.warm += take_pattern(light, there)
            fixed, hits = repair(light, there, settings.threshold)
            result.fixed, result.repaired = result.fixed + fixed, result.repaired + hits
        gain = smooth_flat(name, meta.summing) if settings.flat is None else relative(
            part(settings.flat, number, rows, "flat"))
        framelets[there] /= gain
        if name in STRAY_FILTERS and settings.stray != "KEEP":
            take_stray(light, there, meta, name, settings, result)
        if settings.even:
            shares = row_shares(light, there, meta, name)
            take_slopes(light, shares, meta)
            result.uneven[name] = float(np.abs(shares).max())
        if settings.clean:
            result.dust += take_dust(light, there)
        result.scale[name] = unit_scale(name, meta, settings.units)
        framelets[there] *= np.float32(result.scale[name])
    return result


def take_stray(light: np.ndarray, there: np.ndarray, meta: Metadata, name: str, settings: Settings,
               result: Calibrated) -> None:
    """Subtract stray light, or set what it spoils to 0."""
    found = stray_light(light, there, meta, name)
    result.stray[name] = float(found.max())
    if settings.stray == "CUT":
        result.cut += cut(light, found[:, None, :], settings.share)
    else:
        light[there] -= found[there][:, None, :]


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
    """The built-in flat of a filter, float32 (rows, samples); 1 in the masked columns. Methane takes that of red, and a slope."""
    step = summing
    x = (np.arange(0, 1648, step) + (step - 1) / 2 - 814) / 814
    y = (np.arange(0, ROWS, step) + (step - 1) / 2 - 63.5) / 64
    powers = np.array(SMOOTH_FLATS["RED" if name == "METHANE" else name]).reshape(FLAT_POWERS[0] + 1, FLAT_POWERS[1] + 1)
    flat = np.polynomial.polynomial.polygrid2d(y, x, powers.T)
    if name == "METHANE":
        first, last = (np.clip(1 - away / EDGE_ROWS, 0, 1) for away in (63.5 + 64 * y, 63.5 - 64 * y))
        flat *= (1 + METHANE_SLOPE * y + METHANE_EDGES[0] * first + METHANE_EDGES[1] * last)[:, None]
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
