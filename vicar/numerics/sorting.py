"""Sorts whose order of equal keys shows in results."""

from __future__ import annotations

from collections.abc import Sequence


def pointer_order(keys: Sequence[float]) -> list[int]:
    """Order of ascending keys as MATH77's SSORTP leaves it: quicksort down to parts of eleven, then insertion."""
    keys = list(keys)
    p = list(range(len(keys)))
    stack = [(0, len(keys) - 1)] if len(keys) > 10 else []
    while stack:
        low, high = stack.pop()
        middle = (low + 1 + high + 1) // 2 - 1
        if keys[p[low]] > keys[p[middle]]:
            p[low], p[middle] = p[middle], p[low]
        if keys[p[low]] > keys[p[high]]:
            p[low], p[high] = p[high], p[low]
        if keys[p[middle]] > keys[p[high]]:
            p[middle], p[high] = p[high], p[middle]
        p[middle], p[high - 1] = p[high - 1], p[middle]
        pivot = keys[p[high - 1]]
        left, right = low, high - 1
        while True:
            left += 1
            while keys[p[left]] < pivot:
                left += 1
            right -= 1
            while keys[p[right]] > pivot:
                right -= 1
            if left > right:
                break
            p[left], p[right] = p[right], p[left]
        parts = [(low, right, left - low), (left, high, high - right)]
        if parts[0][2] <= parts[1][2]:
            parts.reverse()
        stack += [(a, b) for a, b, size in parts if size > 10]
    for n in range(1, len(p)):
        item, place = p[n], n
        while place > 0 and keys[p[place - 1]] > keys[item]:
            p[place] = p[place - 1]
            place -= 1
        p[place] = item
    return p
