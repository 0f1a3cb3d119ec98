"""Greedy triangulation of the plane, shortest edges first (Manacher and Zobrist). Source: ``vos/p2/prog/tieconm``.

Every point offers its nearest later point; a heap gives the shortest offer. An edge is taken if it crosses no edge taken
before; a point that is enclosed by triangles makes no more offers. Single precision throughout, because near ties decide.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vicar.numerics import libm
from vicar.numerics.sorting import pointer_order

F = np.float32
ENCLOSED = 10000
TURN, HALF_TURN = F(6.2831853), F(3.14159)


class Triangulation:
    """Triangles between points.

    ``reject`` is the square of the distance below which a point counts as a duplicate; ``on_duplicate(number)`` is told its
    number (from 1). Afterwards: ``edges`` (number), ``counts`` (five tallies of the search) and ``triangles`` (rows of point
    numbers from 0, clockwise, by their mean x).
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, reject: F, on_duplicate: Callable[[int], None]):
        self.x, self.y = np.array(x, F), np.array(y, F)
        self.size = len(self.x)
        self.around: list[list[int]] = [[] for _ in range(self.size)]
        self.degree = np.zeros(self.size, np.int64)
        self.counts = [0] * 5
        self._angles: dict[tuple[int, int], F] = {}
        self._ends = np.zeros((2, 64), np.int64)
        self._edges = 0
        self._heap: list[tuple[F, int, int]] = []
        self._collect(F(reject), on_duplicate)
        if self._heap:
            self._search()
        self.edges = self.counts[4]
        self.triangles = self._triangles()

    # ---- offers ------------------------------------------------------------------------------------------------------

    def _distances(self, i: int) -> np.ndarray:
        """Squares of the distances to all later points."""
        dx, dy = self.x[i + 1 :] - self.x[i], self.y[i + 1 :] - self.y[i]
        return dx * dx + dy * dy

    def _collect(self, reject: F, on_duplicate) -> None:
        for i in range(self.size - 1):
            distance = self._distances(i)
            for j in np.flatnonzero(distance < reject):
                on_duplicate(i + 1 + int(j) + 1)
                self.degree[i + 1 + j] = ENCLOSED
            open_ = np.where(distance < reject, F(np.inf), distance)
            best = int(np.argmin(open_))
            if open_[best] < F(1.0e35):
                self._heap.append((open_[best], i, i + 1 + best))
        for place in range(len(self._heap) - 1, -1, -1):
            self._sink(place, len(self._heap), self._heap[place])

    def _sink(self, place: int, size: int, item: tuple[F, int, int]) -> None:
        """Put an item into the heap, smallest on top."""
        heap = self._heap
        while (child := 2 * place + 1) < size:
            if child + 1 < size and heap[child][0] > heap[child + 1][0]:
                child += 1
            if not item[0] > heap[child][0]:
                break
            heap[place] = heap[child]
            place = child
        heap[place] = item

    def _search(self) -> None:
        while True:
            _, i, j = self._heap[0]
            floor = self._square(i, j)
            if self.degree[i] < ENCLOSED and self.degree[j] < ENCLOSED:
                self._try(i, j)
            if self.degree[i] >= ENCLOSED or not self._next_offer(i, j, floor):
                if len(self._heap) == 1:
                    return
                last = self._heap.pop()
                self._sink(0, len(self._heap), last)

    def _square(self, i: int, j: int) -> F:
        dx, dy = self.x[j] - self.x[i], self.y[j] - self.y[i]
        return dx * dx + dy * dy

    def _try(self, i: int, j: int) -> None:
        self.counts[2] += 1
        if self._closed(i, j, exact=True) or self._closed(j, i, exact=True):
            return
        self.counts[3] += 1
        if self._crosses(i, j):
            return
        self._add(i, j)
        self._add(j, i)
        self._ends_add(i, j)
        self.counts[4] += 1
        self._enclose(i, j)

    def _next_offer(self, i: int, j: int, floor: F) -> bool:
        """Let a point offer its next nearest later point; False if there is none."""
        distance = self._distances(i)
        open_ = self.degree[i + 1 :] < ENCLOSED
        numbers = np.arange(i + 1, self.size)
        while True:
            further = open_ & ((distance > floor) | ((distance == floor) & (numbers > j)))
            candidates = np.where(further, distance, F(np.inf))
            best = int(np.argmin(candidates))
            if not candidates[best] < F(1.0e35):
                return False
            floor, j = candidates[best], i + 1 + best
            self.counts[0] += 1
            if self._closed(i, j, exact=False) or self._closed(j, i, exact=False):
                continue
            self.counts[1] += 1
            self._sink(0, len(self._heap), (floor, i, j))
            return True

    # ---- geometry ----------------------------------------------------------------------------------------------------

    def _angle(self, i: int, j: int) -> F:
        key = i, j
        if key not in self._angles:
            self._angles[key] = F(libm.atan2(self.y[j] - self.y[i], self.x[j] - self.x[i]))
        return self._angles[key]

    def _closed(self, i: int, j: int, exact: bool) -> bool:
        """Whether the direction from i to j lies between two connected neighbours, or (``exact``) along a neighbour."""
        if self.degree[i] <= 1:
            return False
        wanted, around = self._angle(i, j), self.around[i]
        angles: dict[int, F] = {}
        upper = None
        for n, other in enumerate(around):
            if upper is not None and n < len(around) - 1:
                continue
            angle = angles[n] = self._angle(i, other)
            if upper is None and wanted <= angle:
                upper = n
            if exact and abs(libm.sin((wanted - angle) / F(2))) < F(0.0001):
                return True
        upper = upper or 0
        lower = upper - 1 if upper else len(around) - 1
        if around[upper] not in self.around[around[lower]]:
            return False
        return np.fmod(angles[upper] - angles[lower] + TURN, TURN) <= HALF_TURN

    def _add(self, i: int, j: int) -> None:
        """Enter j among the neighbours of i, by angle."""
        self.degree[i] += 1
        wanted, around = self._angle(i, j), self.around[i]
        place = next((n for n, other in enumerate(around) if self._angle(i, other) >= wanted), len(around))
        around.insert(place, j)

    def _ends_add(self, i: int, j: int) -> None:
        if self._edges == self._ends.shape[1]:
            self._ends = np.concatenate([self._ends, np.zeros_like(self._ends)], axis=1)
        self._ends[:, self._edges] = min(i, j), max(i, j)
        self._edges += 1

    def _crosses(self, i: int, j: int) -> bool:
        """Whether an edge would cross or touch one there is; in coordinates along it."""
        dx, dy = self.x[j] - self.x[i], self.y[j] - self.y[i]
        angle = F(libm.atan2(dy, dx))
        sine, cosine = F(libm.sin(angle)), F(libm.cos(angle))
        length = np.sqrt(dx * dx + dy * dy)
        a, b = self._ends[:, : self._edges]
        free = (a != i) & (a != j) & (b != i) & (b != j)
        a, b = a[free], b[free]
        (x3, y3), (x4, y4) = (self._turned(n, i, sine, cosine) for n in (a, b))
        dx2, dy2 = x4 - x3, y4 - y3
        near = F(0.0001) * (length + np.sqrt(dx2 * dx2 + dy2 * dy2))
        level = np.abs(dy2) < near
        beside = (np.abs(y3) >= near) & (np.abs(y4) >= near)
        apart = ((x3 > length) & (x4 > length)) | ((x3 < 0) & (x4 < 0))
        with np.errstate(all="ignore"):
            t1 = -y3 / dy2
            t2 = (dx2 * t1 + x3) / length
        met = ~((t1 < 0) | (t1 > 1)) & ~((t2 < 0) | (t2 > 1))
        return bool(np.where(level, ~beside & ~apart, met).any())

    def _turned(self, n: np.ndarray, i: int, sine: F, cosine: F) -> tuple[np.ndarray, np.ndarray]:
        z, w = self.x[n] - self.x[i], self.y[n] - self.y[i]
        return z * cosine + w * sine, -z * sine + w * cosine

    def _enclose(self, i: int, j: int) -> None:
        """Mark neighbours of a new edge that are now surrounded by triangles."""
        for n in self.around[i]:
            if 2 < self.degree[n] < ENCLOSED and j in self.around[n] and self._surrounded(n):
                self.degree[n] += ENCLOSED

    def _surrounded(self, n: int) -> bool:
        around = self.around[n]
        for first, second in zip(around, around[1:]):
            if first not in self.around[second] or self._counterclockwise(n, first, second):
                return False
        return around[0] in self.around[around[-1]] and not self._counterclockwise(n, around[-1], around[0])

    def _counterclockwise(self, j: int, k: int, m: int) -> bool:
        x, y = self.x, self.y
        return (x[j] - x[k]) * (y[m] - y[k]) - (y[j] - y[k]) * (x[m] - x[k]) > 0

    # ---- triangles ---------------------------------------------------------------------------------------------------

    def _triangles(self) -> np.ndarray:
        found = []
        for i in range(self.size - 1):
            around = self.around[i]
            order = pointer_order([self._angle(i, n) for n in around])
            for k, at in enumerate(order):
                first, second = around[at], around[order[(k + 1) % len(order)]]
                if first > i and second > i and second in self.around[first]:
                    found.append((i, first, second))
        triangles = np.array(found, np.int64).reshape(-1, 3)
        x = self.x[triangles]
        middle = (x[:, 0] + x[:, 1] + x[:, 2]) / F(3)
        return triangles[pointer_order(middle.tolist())]

