"""Attitude and path of pictures from SPICE kernels, where somebody has them (extra: the Python package spiceypy).

Needed are a leap-second, a spacecraft clock and a frame kernel, the attitude (CK) and the path (SPK) of Juno, as a meta-kernel
or one by one. The clock of the camera jitters by some 20 ms, so a phase from kernels is good to a few pixels; the
limb does better, the axis and the path are better from kernels.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.attitude import frame_of
from vicar.junocam.camera import CX, FOCAL, KERNEL_CY, ROWS, SPIN_AXIS, basis, direction_of, undistorted
from vicar.junocam.metadata import Metadata

CAMERA, SPACECRAFT, PLANET = "JUNO_JUNOCAM", "JUNO", "JUPITER"
LONGEST = 20  # frames from which axis and rate are taken: a quarter of a turn


@dataclass(frozen=True)
class Known:
    """What kernels say of a picture: spin axis, rate, tilt, phase, and position and velocity at frame 0 (J2000, km, km/s)."""

    axis: np.ndarray
    spin: float
    tilt: float
    phase: float
    place: np.ndarray
    velocity: np.ndarray


@contextmanager
def loaded(paths: list[Path]) -> Iterator:
    """The spiceypy module with kernels loaded, which are unloaded afterwards. Raises `JunocamError`."""
    try:
        import spiceypy
    except ImportError:
        raise JunocamError("kernels need the Python package spiceypy: pip install spiceypy") from None
    begun = []
    try:
        for path in paths:
            begun.append(str(path))
            try:
                spiceypy.furnsh(str(path))
            except Exception as error:  # spiceypy has a class for each of some hundred errors
                raise JunocamError(f"{path.name} cannot be used as a kernel: {first_line(error)}") from None
        yield spiceypy
    finally:
        for path in reversed(begun):
            spiceypy.unload(path)


def known(spice, meta: Metadata) -> Known:
    """Attitude and path of one picture. Raises `JunocamError` where the kernels do not cover it."""
    try:
        begin = spice.str2et(meta.start_time) + float(meta.frame_time(0))
        span = min(max(meta.frames - 1, 1), LONGEST) * meta.period
        first, last = (np.asarray(spice.pxform(CAMERA, "J2000", time)) for time in (begin, begin + span))
        state = np.asarray(spice.spkezr(SPACECRAFT, begin, "J2000", "NONE", PLANET)[0])
    except Exception as error:
        raise JunocamError(f"{meta.product_id}: the kernels do not say where it looked: {first_line(error)}") from None
    axis, angle = turn_of(last @ first.T)
    tilt = float((first.T @ axis)[1] - SPIN_AXIS[1])
    ahead = frame_of(axis) @ (first @ basis(tilt)[0])
    phase = float(np.arctan2(ahead[1], ahead[0])) - optical_shift(meta)
    return Known(axis, angle / span, tilt, phase, state[:3], state[3:])


def optical_shift(meta: Metadata) -> float:
    """By how much more ``psi`` our camera sees the middle of a filter (green, if it is there) than the kernels' (radians); the
    kernels were fitted to stars, so the place of a pixel is right there, if not that of the optical axis."""
    row, name = (ROWS - 1) / 2, "GREEN" if "GREEN" in meta.filters else meta.filters[0]
    theirs = np.arctan2(undistorted(np.array(0.0), np.array(row - KERNEL_CY[name]))[1], FOCAL)
    return float(direction_of(CX, row, name)[0] - theirs)


def turn_of(matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Axis and angle (0 to pi) of a rotation."""
    across = np.array([matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]]) / 2
    sine = float(np.linalg.norm(across))
    if sine < 1e-9:
        raise JunocamError("the kernels let the spacecraft stand still")
    return across / sine, float(np.arctan2(sine, (np.trace(matrix) - 1) / 2))


def first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip(" =")]
    said = next((line for line in lines if "(" in line and ")" in line), lines[0] if lines else type(error).__name__)
    return said[:100].rstrip(" -")
