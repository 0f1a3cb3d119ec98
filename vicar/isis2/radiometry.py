"""Radiometry of the vidicon cameras, as the documentation of VOYCAL gives it.

    W1 = W0 * DIST0**2 / DIST1**2
    I/F = 1/(EXP*W1) * G * (GAIN*DR + DC + OFF)
    DL = A*X + B*(X/LINORM)**K,  A = (LINORM - B)/LINORM

All arithmetic is double precision. The documentation applies the linearity to X = DR + DC "before gain and offset" and does
not say what DL then replaces; ISIS3's conversion of the program applies it to the whole bracket. Both agree where GAIN is 1
and OFF is 0. Taken here: X = GAIN*DR + DC + OFF, then the linearity.
"""

from __future__ import annotations

import numpy as np

from vicar.isis2.tables import Linearity

AU = 149597870.7  # km
MILLION = 1e6


def sun_distance(value: float) -> float:
    """Distance in km of a SUN parameter: its table says millions of km, its text astronomical units; under 100 it is AU."""
    return value * AU if value < 100 else value * MILLION


def sensitivity(w0: float, dist0: float, dist1: float) -> float:
    """W1: density number of a unit exposure at distance ``dist1`` from the sun."""
    return w0 * (dist0**2 / dist1**2)


def exposure_factor(exposure: float, w1: float) -> float:
    """1/(EXP*W1), in the units of both."""
    return 1.0 / (exposure * w1)


def linearized(x: np.ndarray, curve: Linearity) -> np.ndarray:
    """Linearity correction; NaN where a negative value has a power that is no whole number."""
    a = (curve.linorm - curve.b) / curve.linorm
    return a * x + curve.b * (x / curve.linorm) ** curve.k


def radiance_factor(raw: np.ndarray, dark: np.ndarray, gain_plane: np.ndarray, factor: float, gain: float, offset: float,
                    curve: Linearity | None) -> np.ndarray:
    """I/F of raw values; ``dark`` is added (negate a dark current). float64, shapes as broadcast; NaN stays NaN."""
    x = gain * raw + dark + offset
    if curve is not None and curve.b != 0:
        x = linearized(x, curve)
    return factor * gain_plane * x
