"""The old sort of keys with pointers, whose order of equal keys users of it depend on. Source: ``vos/p2/sub/sortin``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vicar.numerics.compiled import kernel


def heapsort(keys: Sequence[int], pointers: Sequence[int] | None = None) -> tuple[list[int], list[int]]:
    """Keys in ascending order and the pointers (by default the positions, from 0) that went with them (I2SORT, sort4).

    A heap is built and taken apart; keys that are equal come out in the order this leaves them in.
    """
    places = range(len(keys)) if pointers is None else pointers
    if compiled := in_place.pick(len(keys)):
        sorted_keys, sorted_places = np.array(keys, np.int64), np.array(places, np.int64)
        compiled(sorted_keys, sorted_places)
        return sorted_keys.tolist(), sorted_places.tolist()
    sorted_keys, sorted_places = list(keys), list(places)
    if len(sorted_keys) != len(sorted_places):
        raise ValueError("as many pointers as keys are needed")
    in_place.plain(sorted_keys, sorted_places)
    return sorted_keys, sorted_places


@kernel(above=50_000)
def in_place(keys, pointers):
    """Sort keys, and pointers with them, where they are: lists, or arrays of integers."""
    size = len(keys)
    for step in range(size // 2 + size - 1):
        if step < size // 2:  # the heap is built from its last parent on
            start, end = size // 2 - 1 - step, size
        else:
            start, end = 0, size - (step - size // 2)
        place, key, pointer = start, keys[start], pointers[start]
        while True:  # the item at the start sinks to where its children are not larger
            child = 2 * place + 1
            if child >= end:
                break
            if child + 1 < end and keys[child + 1] > keys[child]:
                child += 1
            if keys[child] <= key:
                break
            keys[place], pointers[place] = keys[child], pointers[child]
            place = child
        keys[place], pointers[place] = key, pointer
        if step >= size // 2:
            keys[0], keys[end - 1] = keys[end - 1], keys[0]
            pointers[0], pointers[end - 1] = pointers[end - 1], pointers[0]
