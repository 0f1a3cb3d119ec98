"""The camera: a lens with radial distortion over four filter strips, turned across the scene by the spin of the spacecraft.

Pixels count from 0: sample ``x`` 0 to 1647 and row ``y`` 0 to 127 of a framelet. Directions are unit vectors in the camera
frame (X along samples, Y along rows, Z boresight) or angles in the spin frame: ``psi`` about the spin axis from the
boresight in the sense of the spin, ``beta`` from the plane of the spin towards higher samples.
Source of the numbers: JunoCam instrument kernel (2019) and Juno frame kernel.
"""

from __future__ import annotations

import numpy as np

SAMPLES, ROWS = 1648, 128
LIGHT = slice(23, 1631)  # photoactive columns
DARK = slice(7, 22)  # masked columns free of artefacts
FOCAL = 10.95637 / 0.0074  # pixels
CX = 814.21
# The kernel puts the optical axis at 158.48 rows of blue. Clouds in the overlaps of framelets, and from filter to filter, agree
# (to 0.05 rows, three pictures of perijoves 43 and 44) only with the axis 26 +- 2 rows lower; with the kernel's, framelets of
# blue and red miss each other by 0.3 rows, in opposite senses, and the spin axis seems 0.3 degrees off.
OPTICAL_ROW = -26.0
# Methane pictures (of perijoves 43 and 44, TDI 32) want it 78 +- 8 rows higher: otherwise their limbs are jagged by 1.5 samples
# from framelet to framelet. They are larger by 0.15 +- 0.1 percent, from limbs and from clouds seen in red 30 s before. With
# both, limb residuals fall from 0.35 to 0.10 pixels.
METHANE_ROW = 78.0
KERNEL_CY = {"BLUE": 158.48, "GREEN": 3.48, "RED": -151.52, "METHANE": 315.48}
CY = {name: row + (METHANE_ROW if name == "METHANE" else OPTICAL_ROW) for name, row in KERNEL_CY.items()}
FILTERS = tuple(CY)
K1, K2 = -5.962420945566733e-08, 2.738191004225615e-14
SPIN_AXIS = np.array([-0.99999502, 0.00224837, -0.00221306])  # in the camera frame
MAGNIFICATION = {"METHANE": 1.0015}
START_BIAS, FRAME_BIAS, TDI_TIME = 0.06188, 0.001, 0.0032  # seconds
NOMINAL_SPIN = 0.2076  # rad/s
PIXEL = 1 / FOCAL  # radians


def basis(tilt: float = 0.0) -> np.ndarray:
    """Spin frame in the camera frame: rows are boresight across the axis, sense of the spin, and spin axis.

    ``tilt`` (radians) moves the spin axis from that of the kernels towards the camera's Y; pictures of 2022 want 0.
    """
    axis = SPIN_AXIS + np.array([0.0, tilt, 0.0])
    axis = axis / np.linalg.norm(axis)
    ahead = np.array([0.0, 0.0, 1.0]) - axis[2] * axis
    ahead /= np.linalg.norm(ahead)
    return np.stack([ahead, np.cross(axis, ahead), axis])


def spin_vector(psi, beta) -> np.ndarray:
    """Unit vectors (..., 3) in the spin frame for angles in radians."""
    psi, beta = np.broadcast_arrays(psi, beta)
    return np.stack([np.cos(beta) * np.cos(psi), np.cos(beta) * np.sin(psi), -np.sin(beta)], -1)


def spin_angles(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``psi`` and ``beta`` (radians) of vectors (..., 3) of any length in the spin frame."""
    return np.arctan2(vectors[..., 1], vectors[..., 0]), -np.arcsin(vectors[..., 2] / np.linalg.norm(vectors, axis=-1))


def pixel_of(psi, beta, name: str, tilt: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Sample and row of a framelet of filter ``name`` that sees a direction of the spin frame (not limited to the framelet)."""
    vector = spin_vector(psi, beta) @ basis(tilt)
    ahead = np.where(vector[..., 2] > 0.1, vector[..., 2], np.nan)
    focal = FOCAL * MAGNIFICATION.get(name, 1.0)
    ux, uy = vector[..., 0] / ahead * focal, vector[..., 1] / ahead * focal
    r2 = ux * ux + uy * uy
    bend = 1 + K1 * r2 + K2 * r2 * r2
    return ux * bend + CX, uy * bend + CY[name]


def direction_of(x, y, name: str, tilt: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """``psi`` and ``beta`` of a pixel of a framelet."""
    ux, uy = undistorted(*np.broadcast_arrays(np.asarray(x, float) - CX, np.asarray(y, float) - CY[name]))
    return spin_angles(np.stack([ux, uy, np.full_like(ux, FOCAL * MAGNIFICATION.get(name, 1.0))], -1) @ basis(tilt).T)


def undistorted(across: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a lens without distortion would put pixels; all from the optical axis."""
    x, y = across, down
    for _ in range(6):
        r2 = x * x + y * y
        bend = 1 + K1 * r2 + K2 * r2 * r2
        x, y = across / bend, down / bend
    return x, y


def centre_angle(name: str) -> float:
    """``psi`` of the middle of a filter's strip, radians."""
    return float(direction_of(CX, (ROWS - 1) / 2, name)[0])

