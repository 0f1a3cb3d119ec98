"""From pixels to a picture: which bands, which stretch, how many pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Stretch:
    """Data numbers shown as black and as white."""

    low: float
    high: float

    def apply(self, values: np.ndarray) -> np.ndarray:
        """uint8 picture of any real array; NaN is black, everything outside the limits is clipped."""
        scaled = (values.astype(np.float64) - self.low) * (255.0 / ((self.high - self.low) or 1.0))
        return np.nan_to_num(np.clip(scaled, 0.0, 255.0), nan=0.0).astype(np.uint8)


def percentile_stretch(values: np.ndarray, percent: float = 0.5) -> Stretch:
    """Limits that leave ``percent`` of the finite, non-zero pixels out at either end.

    Zeros are left out because they are what missing lines and borders hold; an image of nothing else gets 0..1.
    """
    flat = values[np.isfinite(values)] if values.dtype.kind == "f" else values.ravel()
    flat = flat[flat != 0]
    if not flat.size:
        return Stretch(0.0, 1.0)
    low, high = np.percentile(flat, [percent, 100.0 - percent])
    if low == high:
        low = min(0.0, float(low) - 1.0)
    return Stretch(float(low), float(high))


def real(values: np.ndarray) -> np.ndarray:
    """Complex pixels as their modulus."""
    return np.abs(values) if values.dtype.kind == "c" else values


def read_bands(image, bands: list[int], window: tuple[int, int, int, int] | None, limit: int) -> np.ndarray:
    """Some bands of an image, (bands, lines, samples), thinned so that no side is longer than ``limit`` (0: no limit).

    ``window`` is (first line, first sample, lines, samples); 0 lines or samples mean up to the end. Only the lines that are
    shown are read.
    """
    sl, ss, nl, ns = window or (1, 1, 0, 0)
    nl = min(nl or image.nl, image.nl - sl + 1)
    ns = min(ns or image.ns, image.ns - ss + 1)
    step = max(1, -(-max(nl, ns) // limit)) if limit else 1
    planes = []
    for band in bands:
        view = image.read_window(sl, ss, nl, ns, band=band, copy=False, pad=True)
        planes.append(real(np.asarray(view[::step, ::step])))
    return np.stack(planes)


def render(planes: np.ndarray, stretch: Stretch | None = None, percent: float = 0.5) -> np.ndarray:
    """(lines, samples) uint8 for one plane, (lines, samples, 3) for three; each plane has its own stretch unless given."""
    shown = [(stretch or percentile_stretch(p, percent)).apply(p) for p in planes]
    return shown[0] if len(shown) == 1 else np.stack(shown, axis=-1)


def half_blocks(picture: np.ndarray, columns: int) -> str:
    """A picture of at most ``columns`` characters a line: each character shows two pixels, one above the other."""
    rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    lines, samples = rgb.shape[:2]
    width = min(columns, samples)
    height = max(2, round(lines * width / samples / 2) * 2)
    rows = (np.arange(height) * lines // height).astype(int)
    cols = (np.arange(width) * samples // width).astype(int)
    small = rgb[rows][:, cols]
    out = []
    for top, bottom in zip(small[0::2], small[1::2], strict=False):
        cells = [
            f"\x1b[38;2;{a[0]};{a[1]};{a[2]};48;2;{b[0]};{b[1]};{b[2]}m▀" for a, b in zip(top, bottom, strict=True)
        ]
        out.append("".join(cells) + "\x1b[0m")
    return "\n".join(out) + "\n"
