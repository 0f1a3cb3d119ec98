"""Regions of an image and the polygons around them: the loops of RASTOVEC. Source: ``vos/p2/prog/rastovec``.

Labels, vertices and segments count from 1; row 0 of the arrays about them is not used. Coordinates are corners of
pixels.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

START, END, RIGHT, LEFT = 0, 1, 2, 3  # columns of a segment: vertices it joins, regions beside it
HIGH, LOWEST = 0, 1  # of the state of a trace: its first vertex where more than two segments meet, its smallest y
FULL, LOST = -1, -2  # labels run out; a chain of labels leaves the table or has no end
TRACE_FULL, RING_FULL, SAME_POINT = -1, -2, -3  # what ends the tracing
DIAGONAL = np.float32(1.4142135)  # points nearer to the line between their neighbours are left out
OFFSET = np.float32(0.01)


@kernel()
def root_of(links, label):
    """The label at the end of a chain of links (negative classes), LOST if there is none."""
    for _ in range(len(links)):
        value = np.int64(links[label])
        if value >= 0:
            return label
        label = -value
        if label >= len(links):
            return np.int64(LOST)
    return np.int64(LOST)


@kernel()
def first_labels(image, links, labels):
    """Label the runs of each line by the runs above; gives the number of labels or an error, and the lines done.

    ``links[label]`` becomes the class of a region, or minus the label it was found to belong with. A label that is
    found to belong with a second one forgets the first, as in the original (FLABL).
    """
    lines, samples = image.shape
    count = np.int64(0)
    for line in range(lines):
        first = 0
        while first < samples:
            value = image[line, first]
            last = first + 1
            while last < samples and image[line, last] == value:
                last += 1
            label, above = np.int64(0), np.int64(0)
            if line > 0:
                for sample in range(first, last):
                    if labels[line - 1, sample] == above:
                        continue
                    above = np.int64(labels[line - 1, sample])
                    root = root_of(links, above)
                    if root < 0:
                        return np.int64(LOST), line
                    if links[root] != value:
                        continue
                    if label == 0:
                        label = above
                    elif above < label:
                        links[label] = -above
                        label = above
                    elif above != label:
                        links[above] = -label
            if label == 0:
                if count + 1 >= len(links):
                    return np.int64(FULL), line
                count += 1
                label = count
                links[label] = value
            for sample in range(first, last):
                labels[line, sample] = label
            first = last
    return count, lines


@kernel()
def final_labels(labels, links, numbers, classes, areas):
    """Number the regions in the order they are met, in place; gives how many, with their classes and areas (SLABL)."""
    lines, samples = labels.shape
    count = np.int64(0)
    for line in range(lines):
        first = 0
        while first < samples:
            label = np.int64(labels[line, first])
            last = first + 1
            while last < samples and labels[line, last] == label:
                last += 1
            number = np.int64(numbers[label])
            if number == 0:
                root = root_of(links, label)
                if root < 0:
                    return np.int64(LOST)
                number = np.int64(numbers[root])
                if number == 0:
                    count += 1
                    number = count
                    classes[number] = links[root]
                    numbers[root] = number
            areas[number] += last - first
            for sample in range(first, last):
                labels[line, sample] = number
            first = last
    return count


@kernel()
def trace(first, polygon, count, segments, around, xy, path, limit, state):
    """Follow the boundary with ``polygon`` on its right from segment ``first`` on; the vertices go behind
    ``path[count]``.

    Gives the new count: the old one if no boundary starts there, TRACE_FULL if the path is too long. Vertices where
    more than two segments meet are negative in the path. Where two ways lead on the leftmost is taken (LINKS).
    """
    start, end = segments[first, START], segments[first, END]
    if segments[first, RIGHT] != polygon or xy[start, 0] == xy[end, 0]:
        return count
    segments[first, RIGHT] = -polygon
    origin, here, link = start, first, around[start, 0]
    high = link < 0
    state[HIGH] = start if high else 0
    state[LOWEST] = xy[start, 1]
    while True:
        if count >= limit:
            return TRACE_FULL
        path[count] = -start if link < 0 else start
        count += 1
        if end == origin:
            return count
        ways, following, side = 0, origin, RIGHT
        for place in range(4):
            candidate = around[end, place]
            number = abs(candidate)
            high = high or candidate < 0
            if number == 0 or number == here:
                continue
            if segments[number, START] == end and segments[number, RIGHT] == polygon:
                target, beside = segments[number, END], RIGHT
            elif segments[number, END] == end and segments[number, LEFT] == polygon:
                target, beside = segments[number, START], LEFT
            else:
                continue
            ways += 1
            if ways == 1 or second_is_left(xy, start, end, following, target):
                following, side, link = target, beside, candidate
        start, end = end, following
        here = abs(link)
        segments[here, side] = -polygon
        if state[HIGH] == 0 and high:
            state[HIGH] = start
        state[LOWEST] = min(state[LOWEST], xy[start, 1])


@kernel()
def second_is_left(xy, start, end, first, second):
    """Whether, coming from ``start`` to ``end``, the way to ``second`` lies left of the way to ``first``, as LINKS
    sees it.
    """
    if xy[start, 0] < xy[end, 0]:
        return xy[second, 1] < xy[first, 1]
    if xy[start, 0] > xy[end, 0]:
        return xy[second, 1] > xy[first, 1]
    if xy[start, 1] < xy[end, 1]:
        return xy[second, 0] > xy[first, 0]
    return xy[second, 0] < xy[first, 0]


@kernel()
def shorten(path, pointers, xy, begin, length, kept, limit):
    """Leave out points of an edge that lie near the line between others; gives the last pointer or an error
    (REDUCE).
    """
    last, top, low = begin + length - 1, kept + length - 1, begin
    while True:
        high = pointers[top]
        a, b = abs(path[low]), abs(path[high])
        flat = abs(xy[b, 0] - xy[a, 0]) > abs(xy[b, 1] - xy[a, 1])
        along, across = (0, 1) if flat else (1, 0)
        run, rise = np.float32(xy[b, along] - xy[a, along]), np.float32(xy[b, across] - xy[a, across])
        if run == 0:
            return SAME_POINT
        slope = rise / run
        base = slope * np.float32(xy[a, along])
        widest, farthest = np.float32(0), low
        for place in range(low + 1, high):
            c = abs(path[place])
            distance = abs(np.float32(xy[c, across] - xy[a, across]) + base - slope * np.float32(xy[c, along]))
            if distance > widest:
                widest, farthest = distance, place
        if abs(widest * run / np.sqrt(run * run + rise * rise)) >= DIAGONAL:
            top -= 1
            pointers[top] = farthest
            continue
        if kept + 1 >= limit:
            return TRACE_FULL
        kept += 1
        pointers[kept] = high
        top += 1
        if high >= last:
            return kept
        low = high


@kernel()
def add_ring(path, first, count, pointers, used, xy, limit, turning, unwind):
    """Close the ring ``path[first:count]`` and point at its vertices from ``pointers[used]`` on; gives both counts
    (OUTPOL).

    With ``unwind`` the ring begins where more than two segments meet (``turning``), and edges of three points are
    shortened. The second count is RING_FULL, TRACE_FULL or SAME_POINT if it cannot be done.
    """
    if unwind and turning == 0:
        path[first] = -path[first]
    if unwind and turning != 0:
        shift = first
        while shift < count - 1 and path[shift] > 0:
            shift += 1
        turned = np.concatenate((path[shift:count], path[first:shift]))
        path[first:count] = turned
    if count >= limit:
        return count, RING_FULL
    path[count] = path[first]
    pointers[used] = first
    before, begin, length, kept = abs(path[first]), first, 1, used
    for place in range(first + 1, count + 1):
        length += 1
        if kept + 1 >= limit:
            return count, RING_FULL
        kept += 1
        pointers[kept] = place
        vertex = path[place]
        if vertex >= 0:
            continue
        closed = before == -vertex
        if closed:
            length -= 1
        if unwind and length == 3:
            kept = shorten(path, pointers, xy, begin, length, used, limit)
            if kept < 0:
                return count, kept
        if unwind and closed:
            if kept + 1 > limit:
                return count, RING_FULL
            kept += 1
            pointers[kept] = place
        used, before, begin, length = kept, -vertex, place, 1
    return count + 1, kept + 1


@kernel()
def moved(xy, path, pointers, count, along, across, centre, other):
    """``other`` between the first two crossings on one side of it, of the boundary and the line at ``centre``
    (MOVCEN).
    """
    over, under = 0, 0
    sum_over, sum_under = np.float32(0), np.float32(0)
    for number in range(count):
        a = abs(path[pointers[number]])
        b = abs(path[pointers[number + 1 if number + 1 < count else 0]])
        x1, y1 = np.float32(xy[a, along]), np.float32(xy[a, across])
        x2, y2 = np.float32(xy[b, along]), np.float32(xy[b, across])
        if (centre - x1) * (x2 - centre) <= 0:
            continue
        crossing = y1 + (y2 - y1) / (x2 - x1) * (centre - x1)
        if crossing < other:
            under += 1
            if under <= 2:
                sum_under += crossing
        else:
            over += 1
            if over <= 2:
                sum_over += crossing
    if over > 0 and over % 2 == 0:
        return sum_over / np.float32(2)
    if under > 0 and under % 2 == 0:
        return sum_under / np.float32(2)
    return other


@kernel()
def describe(xy, path, pointers, shown, count, points, filled, info):
    """Put a polygon's points (y, x) behind ``points[filled]`` and what is known of it into ``info``; gives the new
    count.
    """
    low_x = low_y = np.float32(1.0e10)
    high_x = high_y = np.float32(0)
    mean_x = mean_y = np.float32(0)
    for number in range(shown):
        vertex = abs(path[pointers[number]])
        x, y = np.float32(xy[vertex, 0]), np.float32(xy[vertex, 1])
        mean_x, mean_y = mean_x + x, mean_y + y
        low_x, low_y = min(low_x, x), min(low_y, y)
        high_x, high_y = max(high_x, x), max(high_y, y)
        points[filled, 0], points[filled, 1] = y + OFFSET, x + OFFSET
        filled += 1
    vertex = abs(path[pointers[count - 1]])
    mean_x = (mean_x - np.float32(xy[vertex, 0])) / np.float32(shown - 1)
    mean_y = (mean_y - np.float32(xy[vertex, 1])) / np.float32(shown - 1)
    for _ in range(2):
        mean_y = moved(xy, path, pointers, count, 0, 1, mean_x, mean_y)
        mean_x = moved(xy, path, pointers, count, 1, 0, mean_y, mean_x)
    info[1] = shown
    info[3], info[4], info[5], info[6] = low_x, high_x, low_y, high_y
    info[7], info[8] = mean_x, mean_y
    return filled + 1


@kernel()
def trace_all(segments, low, around, xy, limit, unwind, zinger, points, info):
    """All polygons: gives how many points and the most vertices of a polygon with islands, or the error (CYCLE).

    ``segments`` (segments + 1, 4) is used up; ``low`` is the smaller y of each; ``around`` (vertices + 1, 4) the
    segments at each vertex, negative where there are more than two; ``xy`` (vertices + 1, 2). ``points`` float32
    (enough, 2) zero and ``info`` float32 (polygons + 1, 10) zero are filled.
    """
    last = len(segments) - 1
    path, pointers = np.zeros(limit + 2, np.int64), np.zeros(limit + 3, np.int64)
    state = np.zeros(2, np.int64)
    filled, most, top = 0, 0, 1
    for polygon in range(1, len(info)):
        islands, search, count = 0, top, 0
        while count == 0 and top <= last:
            count = trace(top, polygon, 0, segments, around, xy, path, limit, state)
            if count == 0:
                top += 1
                if top >= last:
                    break
        if count < 0:
            return filled, count
        if count == 0:
            continue
        lowest = state[LOWEST]
        count, used = add_ring(path, 0, count, pointers, 0, xy, limit, state[HIGH], unwind)
        if used < 0:
            return filled, used
        shown, main = used, pointers[used - 1]
        while search <= last and low[search] >= lowest:
            if segments[search, RIGHT] == polygon:
                longer = trace(search, polygon, count, segments, around, xy, path, limit, state)
                if longer < 0:
                    return filled, longer
                if longer > count:
                    count, used = add_ring(path, count, longer, pointers, used, xy, limit, state[HIGH], unwind)
                    if used >= limit:
                        used = RING_FULL
                    if used < 0:
                        return filled, used
                    pointers[used] = main
                    used += 1
                    islands += 1
                    most = max(most, count)
            search += 1
        info[polygon, 0] = islands
        filled = describe(xy, path, pointers, used if zinger else shown, used, points, filled, info[polygon])
    return filled, most
