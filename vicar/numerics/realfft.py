"""Transforms of real numbers in main memory: RFT2CH and RFT2.

Source: ``vos/p2/sub/rft2ch``, ``vos/p2/sub/rft2`` over ``dfft`` and ``realtr`` (Fortran, float32). Nothing is scaled: forward and
back multiplies by twice the number of points.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import _realfft_stages as stages
from vicar.numerics import singleton
from vicar.numerics.compiled import as_input

_F = np.float32


def joined(real, imaginary) -> np.ndarray:
    """complex64 from its parts, signs of zeros kept."""
    result = np.empty(np.shape(real), np.complex64)
    result.real, result.imag = real, imaginary
    return result


def forward(values: np.ndarray, of: int = 0) -> np.ndarray:
    """RFT2CH of N real numbers (last axis, N even) to N/2+1 coefficients; ``of``: numbers of the whole image.

    Raises what `singleton.transform` raises.
    """
    lines = np.atleast_2d(values)
    half = lines.shape[1] // 2
    lay, take = (part.pick(max(lines.size, of)) for part in (stages.lay_pairs, stages.take_coefficients))
    if lay and half > 1:
        lines, result = as_input(lines), np.empty((len(lines), half + 1), np.complex64)
        rotations = singleton.real_rotations(half, 1)
        singleton.in_groups(len(lines), singleton.checked_factors(half), 1, lambda here, a, b: lay(lines[here], a, b),
                            lambda here, a, b, order: take(a, b, order, *rotations, result[here]))  # fmt: skip
        return result
    a, b = singleton.transform(lines[:, 0::2], lines[:, 1::2], 1)
    wide = [np.concatenate((part, np.zeros((len(part), 1), _F)), axis=1) for part in (a, b)]
    return joined(*singleton.real_transform(*wide, 1))


def inverse(coefficients: np.ndarray, of: int = 0) -> np.ndarray:
    """RFT2CH back: N/2+1 coefficients (last axis) to N real numbers, multiplied by 2 N; ``of`` as in `forward`."""
    lines = np.atleast_2d(coefficients)
    half = lines.shape[1] - 1
    lay, take = (part.pick(max(2 * lines.size, of)) for part in (stages.lay_coefficients, stages.take_pairs))
    if lay and half > 1:
        lines, result = as_input(lines), np.empty((len(lines), 2 * half), _F)
        rotations = singleton.real_rotations(half, -1)
        singleton.in_groups(len(lines), singleton.checked_factors(half), -1,
                            lambda here, a, b: lay(lines[here], *rotations, a, b),
                            lambda here, a, b, order: take(a, b, order, result[here]))  # fmt: skip
        return result
    a, b = singleton.real_transform(lines.real.copy(), lines.imag.copy(), -1)
    a, b = singleton.transform(a[:, :half], b[:, :half], -1)
    return np.stack((a, b), axis=2).reshape(len(lines), 2 * half)


def forward_plane(values: np.ndarray) -> np.ndarray:
    """RFT2 of a plane (complex axis x real axis of even length) to coefficients (complex axis x N/2+1)."""
    columns = forward(values).T
    return joined(*singleton.transform(columns.real.copy(), columns.imag.copy(), 1)).T


def inverse_plane(coefficients: np.ndarray) -> np.ndarray:
    """RFT2 back, multiplied by twice the number of points."""
    columns = coefficients.T
    return inverse(joined(*singleton.transform(columns.real.copy(), columns.imag.copy(), -1)).T)
