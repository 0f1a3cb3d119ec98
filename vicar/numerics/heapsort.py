"""The old sort of keys with pointers, whose order of equal keys users of it depend on. Source: ``vos/p2/sub/sortin``."""

from __future__ import annotations

from collections.abc import Sequence


def heapsort(keys: Sequence[int], pointers: Sequence[int] | None = None) -> tuple[list[int], list[int]]:
    """Keys in ascending order and the pointers (by default the positions, from 0) that went with them (I2SORT).

    A heap is built and taken apart; keys that are equal come out in the order this leaves them in.
    """
    heap = list(zip(keys, range(len(keys)) if pointers is None else pointers, strict=True))
    size = len(heap)
    for start in range(size // 2 - 1, -1, -1):
        _sink(heap, start, size)
    for last in range(size - 1, 0, -1):
        if last < size - 1:
            _sink(heap, 0, last + 1)
        heap[0], heap[last] = heap[last], heap[0]
    return [key for key, _ in heap], [pointer for _, pointer in heap]


def _sink(heap: list[tuple[int, int]], place: int, size: int) -> None:
    """Let the item at ``place`` sink to where its children are not larger."""
    item = heap[place]
    while (child := 2 * place + 1) < size:
        if child + 1 < size and heap[child + 1][0] > heap[child][0]:
            child += 1
        if heap[child][0] <= item[0]:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = item
