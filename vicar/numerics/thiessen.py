"""Triangles between neighbours in the plane, from Voronoi polygons. Source: ``vos/p2/sub/carto_subs/cartoMatUtils.c`` (thiessen).

Around every point a large rectangle is cut down by the lines that lie halfway to the other points, nearest in x first. Two
neighbours that follow each other around the polygon make a triangle with the point. Where four points lie on a circle
triangles may cross; of those the ones found most often are kept.

The order of the triangles follows the original's hash tables and heap sort, because searches begin where the last one
ended. Geometry is double precision throughout.

accepted: more than 1000 edges around a point end in an error; the original writes over its memory.
"""

from __future__ import annotations

import math

import numpy as np

from vicar.numerics.compiled import kernel
from vicar.numerics.heapsort import heapsort

COMPILE_ABOVE = 1500  # points; below, plain Python is faster than compiling
FAILURES = {-1: "tcross.ne.2", -2: "hash error 3"}


class ThiessenError(Exception):
    """The original's message for a configuration it cannot handle."""


def triangulate(x: np.ndarray, y: np.ndarray, reject: float, skinny: float = 0.0, on_reject=None) -> np.ndarray:
    """Triangles as rows of three point numbers from 0, clockwise (in east, north), sorted by their mean x.

    Points nearer than ``reject`` to another (sum of both differences) take no part; ``on_reject("duplicate" or "close")`` is
    told of each. Raises `ThiessenError`.
    """
    order = _by_position(x, y)
    keep = _accepted(x, y, order, reject, on_reject or (lambda kind: None))
    low, high = np.array([x.min(), y.min()]), np.array([x.max(), y.max()])
    margin = 5 * ((high[0] - low[0]) + (high[1] - low[1]))
    table = np.zeros((4, _table_size(len(x) * 4 + 1000)), np.int64)
    bounds = (low[0] - margin, low[1] - margin, high[0] + margin, high[1] + margin)
    flag = polygons.best(len(keep))(x[keep], y[keep], keep + 1, *bounds, skinny, table)
    if flag < 0:
        raise ThiessenError(FAILURES[flag])
    found = np.concatenate([_taken(table, 3, None), _taken(table, 2, 2), _taken(table, 1, 1)], axis=1)
    flag = mark_crossings.best(len(keep))(x, y, found, np.full((3, _table_size(found.shape[1] * 3 + 1000)), -1, np.int64))
    if flag < 0:
        raise ThiessenError(FAILURES[flag])
    triangles = found[1:, found[0] != -99].T - 1
    middle = x[triangles[:, 0]] + x[triangles[:, 1]] + x[triangles[:, 2]]
    triangles = triangles[heapsort(middle.tolist())[1]]
    return _clockwise(x, y, triangles)


def _by_position(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Points by x, then y; equal points as the heap sort leaves them."""
    order = np.lexsort((y, x))
    new = np.ones(len(x), bool)
    new[1:] = (x[order][1:] != x[order][:-1]) | (y[order][1:] != y[order][:-1])
    rank = np.empty(len(x), np.int64)
    rank[order] = np.cumsum(new)
    return np.array(heapsort(rank.tolist())[1], np.int64)


def _accepted(x: np.ndarray, y: np.ndarray, order: np.ndarray, reject: float, on_reject) -> np.ndarray:
    kept: list[int] = []
    for point in order:
        if kept and x[point] == x[kept[-1]] and y[point] == y[kept[-1]]:
            on_reject("duplicate")
            continue
        near = False
        for other in reversed(kept):
            if abs(x[point] - x[other]) > reject:
                break
            if abs(x[point] - x[other]) + abs(y[point] - y[other]) < reject:
                near = True
                break
        if near:
            on_reject("close")
        else:
            kept.append(point)
    return np.array(kept, np.int64)


def _table_size(least: int) -> int:
    """The next odd number without a factor up to 37 (37 itself included)."""
    size = least | 1
    while any(size % n == 0 for n in range(3, 38, 2)):
        size += 2
    return size


def _taken(table: np.ndarray, least: int, most: int | None) -> np.ndarray:
    """Triangles found so often, in table order."""
    count = table[0]
    return table[:, (count >= least) if most is None else (count == most)]


def _clockwise(x: np.ndarray, y: np.ndarray, t: np.ndarray) -> np.ndarray:
    xp, x1, x2 = (x[t[:, n]] for n in range(3))
    yp, y1, y2 = (y[t[:, n]] for n in range(3))
    area = 0.5 * (xp * y1 - x1 * yp + x1 * y2 - x2 * y1 + x2 * yp - xp * y2)
    return np.where((area > 0.0)[:, np.newaxis], t, t[:, ::-1])


def inside(x: float, y: float, corners: np.ndarray) -> np.ndarray:
    """Which triangles hold a place; ``corners`` is (x1, y1, x2, y2, x3, y3) x triangles. Edges belong to them."""
    x1, y1, x2, y2, x3, y3 = corners
    return ~(((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1) > 0.0) | ((x - x2) * (y3 - y2) - (y - y2) * (x3 - x2) > 0.0)
             | ((x - x3) * (y1 - y3) - (y - y3) * (x1 - x3) > 0.0))  # fmt: skip


# ---- kernels ----------------------------------------------------------------------------------------------------------


@kernel()
def meet(x1, y1, x2, y2, x3, y3, x4, y4):
    """Where two segments cross, each as a fraction of its length; (.5, .5) and -1 for degenerate cases."""
    a0, a1, a2, a3 = x2 - x1, y2 - y1, x3 - x4, y3 - y4
    b0, b1 = x3 - x1, y3 - y1
    if abs(a0) >= abs(a1):
        if abs(a0) < 1.0e-8:
            return 0.5, 0.5
        a2 /= a0
        b0 /= a0
        a3 -= a2 * a1
        b1 -= b0 * a1
        if abs(a3) > 1.0e-8:
            second = b1 / a3
            return b0 - second * a2, second
        return b0 + a2, -1.0
    a3 /= a1
    b1 /= a1
    a2 -= a3 * a0
    b0 -= b1 * a0
    if abs(a2) > 1.0e-8:
        second = b0 / a2
        return b1 - second * a3, second
    return b1 + a3, -1.0


@kernel()
def slanted(px, py, vx, vy):
    """Distance of a place from the line through the origin along v, by way of the angle."""
    dot = px * vx + py * vy
    hypotenuse = math.sqrt(px * px + py * py) * math.sqrt(vx * vx + vy * vy)
    ratio = min(max(dot / hypotenuse, -1.0), 1.0)
    return hypotenuse * math.sin(math.acos(ratio))


@kernel()
def repair(edges, count, state, crossings, cuts, bx, by, vx, vy, z2):
    """Make the number of crossings two: add ends that lie nearest to the line, or drop crossings."""
    while cuts < 2:
        smallest, at, side = 1.0e35, 0, 0.0
        for k in range(count):
            if state[k] == 1:
                continue
            px, py = edges[0, k] - bx, edges[1, k] - by
            distance = abs(px) + abs(py)
            if distance > 1.0e-7:
                z2 = vx * (edges[3, k] - py) - (edges[2, k] - px) * vy
                distance = slanted(px, py, vx, vy)
            if distance > smallest:
                continue
            smallest, at, side = distance, k, z2
        state[at] = 1
        crossings[0, cuts], crossings[1, cuts] = edges[0, at], edges[1, at]
        crossings[2, cuts] = at
        crossings[3, cuts] = 2 if side < 0 else 1
        cuts += 1
    while cuts > 2:
        smallest, drop, at = 1.0e35, 0, 0
        for c in range(cuts):
            k = int(crossings[2, c])
            end = 0 if crossings[3, c] == 1 else 2
            px, py = edges[end, k] - bx, edges[end + 1, k] - by
            distance = abs(px) + abs(py)
            if distance > 1.0e-7:
                distance = slanted(px, py, vx, vy)
            if distance > smallest:
                continue
            smallest, drop, at = distance, c, k
        state[at] = 0
        for c in range(drop, cuts - 1):
            for row in range(4):
                crossings[row, c] = crossings[row, c + 1]
        cuts -= 1
    return cuts


@kernel()
def cut(edges, owner, state, crossings, count, reach, j, xi, yi, xj, yj):
    """Cut a polygon by the line halfway to point j; gives edges left and four times the square of the radius."""
    xm, ym = (xi + xj) * 0.5, (yi + yj) * 0.5
    vx, vy = ym - yj, xj - xm
    bx, by = vx + xm, vy + ym
    cuts, gone, z2 = 0, 0, 0.0
    for k in range(count):
        first, second = meet(xm, ym, bx, by, edges[0, k], edges[1, k], edges[2, k], edges[3, k])
        crossed = 0.0 <= second <= 1.0
        z1 = vx * (edges[1, k] - ym) - (edges[0, k] - xm) * vy
        z2 = vx * (edges[3, k] - ym) - (edges[2, k] - xm) * vy
        wrong, end = 0, 1
        if z1 < 0.0:
            wrong += 1
        if z2 < 0.0:
            wrong += 1
            end = 2
        if not crossed and wrong == 1:
            wrong = 0
        if crossed and wrong != 1:
            end = 1 + wrong // 2 if abs(z1) < abs(z2) else 2 - wrong // 2
            wrong = 1
        if crossed:
            crossings[0, cuts], crossings[1, cuts] = vx * first + xm, vy * first + ym
            crossings[2, cuts], crossings[3, cuts] = k, end
            cuts += 1
        state[k] = wrong
        if wrong == 2:
            gone += 1
    if cuts < 2 and gone == 0:
        return count, reach
    cuts = repair(edges, count, state, crossings, cuts, bx, by, vx, vy, z2)
    if crossings[0, 0] == crossings[0, 1] and crossings[1, 0] == crossings[1, 1]:
        return count, reach
    for c in range(2):
        k = int(crossings[2, c])
        end = 0 if crossings[3, c] == 1 else 2
        edges[end, k], edges[end + 1, k] = crossings[0, c], crossings[1, c]
    left = 0
    for k in range(count):
        for row in range(4):
            edges[row, left] = edges[row, k]
        owner[left] = owner[k]
        if state[k] < 2:
            left += 1
    ax, ay, cx, cy = crossings[0, 0], crossings[1, 0], crossings[0, 1], crossings[1, 1]
    if (cx - xi) * (ay - yi) - (ax - xi) * (cy - yi) < 0:
        edges[0, left], edges[1, left], edges[2, left], edges[3, left] = ax, ay, cx, cy
    else:
        edges[0, left], edges[1, left], edges[2, left], edges[3, left] = cx, cy, ax, ay
    owner[left] = j
    radius = 0.0
    for k in range(left + 1):
        dx, dy = edges[0, k] - xi, edges[1, k] - yi
        radius = max(radius, dx * dx + dy * dy)
    return left + 1, 4.0 * radius


@kernel()
def chain(edges, owner, used, count, i, around):
    """Owners of the edges in the order in which they join; gives their number."""
    for k in range(count):
        used[k] = 0
    found, at = 0, 0
    x, y = edges[2, 0], edges[3, 0]
    for _ in range(count):
        same = 0
        for k in range(count):
            if used[k] or edges[0, k] != x or edges[1, k] != y or k == at:
                continue
            same += 1
            if same > 1 and edges[0, at] == edges[2, at] and edges[1, at] == edges[3, at]:
                break
            at = k
        if owner[at] != i:
            around[found] = owner[at]
            found += 1
        x, y = edges[2, at], edges[3, at]
        used[at] = 1
    return found


@kernel()
def store(table, a, b, c):
    """Count a triangle in the table."""
    if a > b:
        a, b = b, a
    if a > c:
        a, c = c, a
    if b > c:
        b, c = c, b
    size = table.shape[1]
    at = (a * 7 + b * 330 + c * 4199) % size
    for _ in range(size):
        if table[0, at] == 0:
            table[1, at], table[2, at], table[3, at] = a, b, c
            break
        if table[1, at] == a and table[2, at] == b and table[3, at] == c:
            break
        at += 1
        if at >= size:
            at = 0
    table[0, at] += 1


@kernel(above=COMPILE_ABOVE)
def polygons(x, y, number, low1, low2, high1, high2, skinny, table):
    """Fill the table with the triangles around every point."""
    points = len(x)
    edges = np.empty((4, 1000 + 1))
    owner, state = np.empty(1000 + 1, np.int64), np.empty(1000 + 1, np.int64)
    used, around = np.empty(1000 + 1, np.int64), np.empty(1000 + 1, np.int64)
    crossings = np.empty((4, 1000 + 1))
    for i in range(points):
        xi, yi = x[i], y[i]
        edges[0, 0], edges[1, 0], edges[2, 0], edges[3, 0] = high1, high2, low1, high2
        edges[0, 1], edges[1, 1], edges[2, 1], edges[3, 1] = high1, low2, high1, high2
        edges[0, 2], edges[1, 2], edges[2, 2], edges[3, 2] = low1, low2, high1, low2
        edges[0, 3], edges[1, 3], edges[2, 3], edges[3, 3] = low1, high2, low1, low2
        for k in range(4):
            owner[k] = i
        reach = high1 + high2 - low1 - low2
        reach = reach * reach
        count = 4
        down_done = up_done = False
        for step in range(2 * points):
            upward = step % 2 == 1
            j = i + (step + 2) // 2 if upward else i - (step + 2) // 2
            if j < 0 or j >= points or (up_done if upward else down_done):
                continue
            dx, dy = x[j] - xi, y[j] - yi
            if dx * dx + dy * dy < reach:
                count, reach = cut(edges, owner, state, crossings, count, reach, j, xi, yi, x[j], y[j])
                if count >= 1000:
                    return -1
            if dx * dx > reach:
                if upward:
                    up_done = True
                else:
                    down_done = True
            if up_done and down_done:
                break
        found = chain(edges, owner, used, count, i, around)
        for k in range(found):
            a, b = around[k], around[k + 1 if k + 1 < found else 0]
            if a == b:
                continue
            area = 0.5 * (xi * y[a] - x[a] * yi + x[a] * y[b] - x[b] * y[a] + x[b] * yi - xi * y[b])
            if area < skinny:
                continue
            store(table, number[i], number[a], number[b])
    return 0


@kernel(above=COMPILE_ABOVE)
def mark_crossings(x, y, found, table):
    """Mark (with -99) triangles that cross an earlier one with which they share an edge."""
    size = table.shape[1]
    for n in range(found.shape[1]):
        crossed = False
        for pair in range(3):
            a, b, c = found[pair // 2 + 1, n], found[(pair + 8) // 3, n], found[3 - pair, n]
            at = (a * 7 + b * 330) % size - 1
            stored = False
            for _ in range(size):
                at += 1
                if at >= size:
                    at = 0
                if table[0, at] == -1:
                    table[0, at], table[1, at], table[2, at] = n, a, b
                    stored = True
                    break
                if table[1, at] != a or table[2, at] != b:
                    continue
                other = table[0, at]
                if found[0, other] == -99:
                    continue
                third = found[1, other]
                if third == a or third == b:
                    third = found[2, other]
                    if third == a or third == b:
                        third = found[3, other]
                p, q, r, s = a - 1, b - 1, c - 1, third - 1
                u, v = meet(x[p], y[p], x[r], y[r], x[q], y[q], x[s], y[s])
                if 0.01 <= u <= 0.99 and 0.01 <= v <= 0.99:
                    crossed = True
                    break
                u, v = meet(x[q], y[q], x[r], y[r], x[p], y[p], x[s], y[s])
                if 0.01 <= u <= 0.99 and 0.01 <= v <= 0.99:
                    crossed = True
                    break
            if crossed:
                found[0, n] = -99
                break
            if not stored:
                return -2
    return 0
