"""Many least squares systems, one after the other; does what `leastsquares.lsqfit` does for one."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


@kernel(above=100_000)
def solve_each(columns, right, starts, tolerance, solutions, errors):
    """Solve system ``s`` from the equations ``starts[s]`` to ``starts[s + 1]``; ``columns`` is unknowns x all equations.

    ``solutions`` (systems x unknowns, the first row what the caller's solution held before) and ``errors`` are filled.
    """
    unknowns = columns.shape[0]
    scale, squares, diagonal = np.zeros(unknowns), np.zeros(unknowns), np.zeros(unknowns)
    chosen = np.zeros(unknowns, np.int64)
    x = solutions[0].copy()
    for s in range(len(starts) - 1):
        a, r = columns[:, starts[s] : starts[s + 1]].copy(), right[starts[s] : starts[s + 1]].copy()
        equations = len(r)
        best, largest = 0, 0.0
        for k in range(unknowns):
            scale[k] = abs(a[k, 0])
            for i in range(1, equations):
                scale[k] = abs(a[k, i]) if abs(a[k, i]) > scale[k] else scale[k]
            squares[k] = 0.0
            for i in range(equations):
                if scale[k] > 0.0:
                    a[k, i] /= scale[k]
                squares[k] += a[k, i] * a[k, i]
            if squares[k] > largest:
                best, largest = k, squares[k]
        error = -2 if equations < unknowns else 0 if largest > 0.0 else -1
        length = np.sqrt(largest)
        limit = length * abs(tolerance)
        for k in range(unknowns if error == 0 else 0):
            if best > k:
                squares[k], squares[best] = squares[best], squares[k]
                for i in range(k, equations):
                    a[k, i], a[best, i] = a[best, i], a[k, i]
            if k > 0:
                length = 0.0
                for i in range(k, equations):
                    length += a[k, i] * a[k, i]
                length = np.sqrt(length)
                if length < limit:
                    error = k
                    break
            if a[k, k] < 0.0:
                length = -length
            chosen[k] = best
            a[k, k] += length
            beta = 1.0 / (length * a[k, k])
            diagonal[k] = -length
            best, largest = k + 1, 0.0
            for j in range(k + 1, unknowns):
                step = 0.0
                for i in range(k, equations):
                    step += a[k, i] * a[j, i]
                step *= beta
                for i in range(k, equations):
                    a[j, i] -= a[k, i] * step
                squares[j] -= a[j, k] * a[j, k]
                if squares[j] > largest:
                    best, largest = j, squares[j]
            step = 0.0
            for i in range(k, equations):
                step += a[k, i] * r[i]
            step *= beta
            for i in range(k, equations):
                r[i] -= a[k, i] * step
        if error == 0:
            x[unknowns - 1] = (1.0 / diagonal[unknowns - 1]) * r[unknowns - 1]
            for k in range(unknowns - 2, -1, -1):
                value = r[k]
                for j in range(k + 1, unknowns):
                    value -= a[j, k] * x[j]
                x[k] = x[chosen[k]]
                x[chosen[k]] = (1.0 / diagonal[k]) * value
        found = False
        for k in range(unknowns):
            found |= x[k] != 0.0
        if found:
            x /= scale
        else:
            error = -1
        solutions[s], errors[s] = x, error
