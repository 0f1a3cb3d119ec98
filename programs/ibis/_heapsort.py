"""The heap sort of the table programs (``vos/p2/sub/carto_subs/cartoSortUtils.c``, ``vos/p2/sub/sortin``)."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


def heap_order(keys: np.ndarray) -> np.ndarray:
    """Permutation that sorts ``keys`` (any numbers) upward as the original's heap sort leaves it, equal keys included."""
    return heap_order_within(keys, np.array([0, len(keys)]))


def heap_order_within(keys: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The same for runs of ``keys``, each sorted by itself; ``edges`` are their starts and the end of the last."""
    keys = np.array(keys)
    order = np.arange(len(keys))
    if len(keys) > 1:
        _sort.best(len(keys))(keys, order, edges)
    return order


@kernel(above=20_000)
def _sort(keys, order, edges):
    """Build each heap from the middle down, then take the greatest away again and again."""
    for run in range(len(edges) - 1):
        start, last = edges[run], edges[run + 1] - edges[run] - 1
        top = (last + 1) // 2 - 1
        while last > 0:
            root = max(top, 0)
            key, item = keys[start + root], order[start + root]
            place = root
            while True:
                child = 2 * place + 1
                if child > last:
                    break
                if child < last and keys[start + child + 1] > keys[start + child]:
                    child += 1
                if keys[start + child] <= key:
                    break
                keys[start + place], order[start + place] = keys[start + child], order[start + child]
                place = child
            keys[start + place], order[start + place] = key, item
            if top >= 0:
                top -= 1
                continue
            keys[start], keys[start + last] = keys[start + last], keys[start]
            order[start], order[start + last] = order[start + last], order[start]
            last -= 1
