"""Normal deviates as GAUSNOIS and ADDNOISE make them from RANGEN (Box and Muller, in single precision)."""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.random import Rangen

TWO_PI = np.float32(np.float32(2) * np.float32(3.1415927))


def generator(task) -> Rangen:
    """RANGEN from SEED, else from the clock."""
    seed = task.integer("SEED")
    return Rangen(int(task.now().timestamp()) if seed is None else seed, task.message)


def normal(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """One deviate for each pair of draws, float32."""
    radius = np.sqrt(np.float32(-2) * libm.log(np.maximum(first, np.float32(1e-10))))
    return radius * libm.cos(TWO_PI * second)
