"""Linear equations solved as LINPACK solves them, many systems at once.

Gaussian elimination with row exchange, one rounding an operation and in LINPACK's order, which a library routine of numpy
does not promise. Source: MATH77 ``dgefa``, ``dgesld``, ``sgefa``, ``sgesld`` behind ``vos/p2/sub/dgelg`` and ``simq``.
"""

from __future__ import annotations

import numpy as np


def solve(matrices: np.ndarray, rights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Solutions of ``matrices`` (m, n, n) times x = ``rights`` (m, n), and which systems are singular (m,).

    Single precision if both are float32, otherwise double.
    """
    kind = np.result_type(matrices, rights)
    kind = kind if kind == np.float32 else np.float64
    a, b = np.array(matrices, kind), np.array(rights, kind)
    count, size = b.shape
    rows = np.arange(count)
    singular = np.zeros(count, bool)
    with np.errstate(all="ignore"):
        for k in range(size):
            pivot = k + np.argmax(np.abs(a[:, k:, k]), axis=1)
            singular |= a[rows, pivot, k] == 0
            for array in (a, b):  # a row's multipliers stay where they are
                columns = slice(k, None)
                part = array[:, :, columns] if array.ndim == 3 else array[:, :, None]
                upper = part[:, k].copy()
                part[:, k] = part[rows, pivot]
                part[rows, pivot] = upper
            factor = (-1 / a[:, k, k])[:, None] * a[:, k + 1 :, k]
            a[:, k + 1 :, k + 1 :] += factor[:, :, None] * a[:, None, k, k + 1 :]
            b[:, k + 1 :] += b[:, k, None] * factor
        for k in range(size - 1, -1, -1):
            b[:, k] = b[:, k] / a[:, k, k]
            b[:, :k] += -b[:, k, None] * a[:, :k, k]
    return b, singular
