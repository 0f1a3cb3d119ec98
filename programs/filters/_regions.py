"""The two passes of PAINT over an image of borders: numbers for connected regions, and neighbours for border pixels.

Region numbers are 1 to 65534, BORDER stands for a border pixel. Regions that turn out to be one are linked in rings.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

BORDER = 65535
MOST = 65534
SIDE = 5  # how far the search for a neighbour looks
LARGEST_COUNT = 32767

# where a border pixel looks for a region: the eight neighbours, then further along the line, the next and the one before
_NEAR = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (-1, 1), (1, -1)]
_FAR = [(reach * side, line) for reach in range(2, SIDE + 1) for side, line in
        ((1, 0), (-1, 1), (1, 1), (-1, 0), (1, -1), (-1, -1))]
SPIRALS = np.array([_NEAR + _FAR, [(-x, -y) for x, y in _NEAR] + _FAR])  # (sample, line)


@kernel(above=50_000)
def number_regions(image, border, edge, join, sizes):
    """Preliminary regions, over the image itself; gives how many, -1 if too many.

    ``image`` (lines + 1, samples) has a last line of its own; ``edge`` is what surrounds it: BORDER, or region 1.
    ``join`` is the ring of regions met, ``sizes`` their pixels; both are changed.
    """
    lines, samples = image.shape
    above = np.full(samples + 1, edge, np.int32)
    here = np.full(samples + 1, edge, np.int32)
    count = 0 if edge == BORDER else 1
    for y in range(lines):
        above[:samples] = here[:samples]
        here[:] = edge
        if y < lines - 1:
            here[:samples] = image[y]
        fresh, last_border = False, -1
        for x in range(samples + 1):
            left = here[x - 1] if x else edge
            if here[x] >= border:
                here[x] = BORDER
                run = x - last_border - 1
                last_border = x
                if run > 0:
                    sizes[left] = min(LARGEST_COUNT, run + sizes[left])
                continue
            up = above[x]
            if up == left:
                if up < BORDER:
                    here[x] = up
                    continue
                count += 1
                if count > MOST:
                    return -1
                fresh = True
                here[x] = count
            elif up >= BORDER:
                here[x] = left
            elif left >= BORDER:
                here[x] = up
            elif left == count and fresh:  # the region just begun is the one above
                back = x
                while True:
                    here[back] = up
                    back -= 1
                    if (here[back] if back >= 0 else edge) != count:
                        break
                count -= 1
                fresh = False
            else:
                here[x] = left
                place = join[left]
                while place != up and join[place] != left:
                    place = join[place]
                if place != up:
                    join[place] = join[up]
                    join[up] = left
        if y < lines - 1:
            image[y] = here[:samples]
    return count


@kernel(above=50_000)
def fill_borders(image, join, spirals, seed):
    """Final regions; a border pixel takes that of a neighbour, 0 if there is none. ``image`` has SIDE columns and one line of
    border around it."""
    lines, samples = image.shape[0] - 2, image.shape[1] - 2 * SIDE
    painted = np.zeros((lines, samples), np.int32)
    for y in range(lines):
        for x in range(samples):
            region = image[y + 1, x + SIDE]
            value = join[region] if region < BORDER else BORDER
            if value >= BORDER:
                seed = (seed * 1061 + 3251) % 100000
                spiral = spirals[seed // 50000]
                value = 0
                for k in range(len(spiral)):
                    region = image[y + 1 + spiral[k, 1], x + SIDE + spiral[k, 0]]
                    if region < BORDER and join[region] < BORDER:
                        value = join[region]
                        break
            painted[y, x] = value
    return painted
