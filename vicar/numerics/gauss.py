"""Small linear systems as the cartography library solves them: bit for bit, so that mappings in labels agree.

Source: ``vos/p2/sub/carto_subs/cartoLsqUtils.c`` (dgauss). Elimination with total pivoting; the order in which candidates for
the pivot are met matters for ties: column after column at first, row after row while eliminating.
"""

from __future__ import annotations

from collections.abc import Sequence

DEFAULT_TOLERANCE = 1.0e-14


def solve(columns: Sequence[float], right: Sequence[float], tolerance: float = DEFAULT_TOLERANCE) -> tuple[list[float], int]:
    """Solve ``A x = right``; ``columns`` holds A column after column.

    Returns the solution and a flag: 0 fine, -1 a pivot is zero (what is returned is then half done), k when the pivot of
    step k+1 is below ``tolerance`` times the largest element.
    """
    size = len(right)
    a = [[columns[c * size + r] for c in range(size)] for r in range(size)]
    x = list(right)
    largest, row, column = 0.0, 0, 0
    for c in range(size):
        for r in range(size):
            if abs(a[r][c]) > largest:
                largest, row, column = abs(a[r][c]), r, c
    limit = tolerance * largest
    flag, swaps, pivot = 0, [0] * size, largest
    for k in range(size):
        if pivot <= 0.0:
            return x, -1
        if flag == 0 and pivot < limit:
            flag = k
        factor = 1.0 / a[row][column]
        x[row], x[k] = x[k], factor * x[row]
        if k == size - 1:
            break
        for line in a[k:]:
            line[k], line[column] = line[column], line[k]
        swaps[k] = column - k
        for c in range(k, size):
            a[row][c], a[k][c] = a[k][c], factor * a[row][c]
        pivot = 0.0
        for r in range(k + 1, size):
            factor = -a[r][k]
            for c in range(k + 1, size):
                a[r][c] = a[r][c] + factor * a[k][c]
                if abs(a[r][c]) > pivot:
                    pivot, row, column = abs(a[r][c]), r, c
            x[r] = x[r] + factor * x[k]
    for r in range(size - 2, -1, -1):
        value = x[r]
        for c in range(r + 1, size):
            value = value - a[r][c] * x[c]
        x[r], x[r + swaps[r]] = x[r + swaps[r]], value
    return x, flag
