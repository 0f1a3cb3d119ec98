"""The heap sort of the table programs (``vos/p2/sub/carto_subs/cartoSortUtils.c``, ``vos/p2/sub/sortin``)."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


def heap_order(keys: np.ndarray) -> np.ndarray:
    """Permutation that sorts ``keys`` (any numbers) upward as the original's heap sort leaves it, equal keys included."""
    keys = np.array(keys)
    order = np.arange(len(keys))
    if len(keys) > 1:
        _sort.best(len(keys))(keys, order)
    return order


@kernel(above=20_000)
def _sort(keys, order):
    """Build the heap from the middle down, then take the greatest away again and again."""
    last = len(keys) - 1
    top = len(keys) // 2 - 1
    while last > 0:
        root = max(top, 0)
        key, item = keys[root], order[root]
        place = root
        while True:
            child = 2 * place + 1
            if child > last:
                break
            if child < last and keys[child + 1] > keys[child]:
                child += 1
            if keys[child] <= key:
                break
            keys[place], order[place] = keys[child], order[child]
            place = child
        keys[place], order[place] = key, item
        if top >= 0:
            top -= 1
            continue
        keys[0], keys[last] = keys[last], keys[0]
        order[0], order[last] = order[last], order[0]
        last -= 1
