"""Companding: 256 codes for the 12-bit values 0 to 2879, in steps of 1, 2, 4, 8, 16 and 32.

Source of the facts: the published SQROOT table of the instrument; LINn modes multiply the code by n.
"""

from __future__ import annotations

import numpy as np

from vicar.junocam import JunocamError

LAST_CODES = ((23, 1), (43, 2), (89, 4), (184, 8), (209, 16), (255, 32))  # last code of each step size
MODES = ("SQROOT", "LIN1", "LIN8", "LIN16")


def table(mode: str = "SQROOT") -> np.ndarray:
    """12-bit value of each code, int16 (256,). Raises `JunocamError` for an unknown mode."""
    if mode == "SQROOT":
        steps = np.empty(256, np.int16)
        first = 0
        for last, step in LAST_CODES:
            steps[first : last + 1] = step
            first = last + 1
        steps[0] = 0
        return np.cumsum(steps, dtype=np.int16)
    if mode in MODES:
        return np.arange(256, dtype=np.int16) * np.int16(mode[3:])
    raise JunocamError(f"SAMPLE_BIT_MODE_ID {mode} is not one of {', '.join(MODES)}")


def expand(codes: np.ndarray, mode: str = "SQROOT") -> np.ndarray:
    """Codes (uint8) to 12-bit values (int16), any shape."""
    return table(mode)[codes]


def compress(values: np.ndarray, mode: str = "SQROOT") -> np.ndarray:
    """12-bit values to the code with the nearest value (uint8); what is outside the table gets its first or last code."""
    levels = table(mode).astype(np.float64)
    between = (levels[1:] + levels[:-1]) / 2
    return np.searchsorted(between, values, side="right").astype(np.uint8)
