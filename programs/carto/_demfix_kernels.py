"""What DEMFIX does pixel by pixel: holes and their borders, heights of the second model, heights inside the holes."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

OCEAN, NOTHING = 32000, 32767
MOST = 8_000_000  # pixels of holes and their borders
BAND = 100  # lines a border reaches up and down
PIECE = 10  # pixels of a piece of the edge that is a hole of its own
REPORT = 100  # lines from one report to the next
FINE, TOO_MANY, ELSEWHERE = 0, 1, 2


@kernel(above=0)
def root(parents, item):
    """The set an item belongs to."""
    while parents[item] != item:
        item = parents[item]
    return item


@kernel(above=0)
def is_ocean(line, sample, forward, inverse, second, rolling):
    """1 where the four pixels of the second image around a pixel are 0, -1 if it lies elsewhere, else 0.

    ``rolling``: the lines the original holds in its two places, the place that is next, and the last line it read.
    """
    nl, ns = second.shape
    east = forward[0] * line + forward[1] * sample + forward[2]
    north = forward[3] * line + forward[4] * sample + forward[5]
    above = int(inverse[0] * east + inverse[1] * north + inverse[2]) - 1
    left = int(inverse[3] * east + inverse[4] * north + inverse[5]) - 1
    if above < -50 or above > nl + 50:
        return -1
    if above == -1 or above == nl - 1:
        above = 0 if above == -1 else nl - 2
    elif above < 0 or above > nl - 2:
        return 0
    for wanted in range(above, above + 2):
        if wanted > rolling[3]:
            rolling[rolling[2]] = wanted
            rolling[2] = 1 - rolling[2]
            rolling[3] = wanted
    if left < -50 or left > ns + 50:
        return -1
    if left == -1 or left == ns - 1:
        left = 0 if left == -1 else nl - 2  # lines, as in the original
    elif left < 0 or left > ns - 2:
        return 0
    for place in range(2):
        for column in range(left, left + 2):
            if column < ns and second[rolling[place], column] != 0:
                return 0
    return 1


@kernel(above=60_000)
def find_holes(image, thresh, ocean_thresh, edge, forward, inverse, second, records, ocean, reports):
    """Holes, in the order they are met: how it ended, records, components and ocean pixels, and pixels that were done.

    ``image`` int16 (lines, samples), in which ocean pixels become 32000; ``records`` (4, most) are filled with line,
    sample, component and value of holes and the pixels around them; ``ocean`` (2, most) with lines and samples;
    ``reports`` (2, n) with the numbers of records and components at every hundredth line. Components that turn out to
    be one are joined as sets; the names they have in the end are the numbers the original gives them.
    """
    nl, ns = image.shape
    most = records.shape[1] - 3
    parents = np.empty(most + 4, np.int32)
    names = np.empty(most + 4, np.int32)
    above = np.full(ns, -1, np.int64)  # set of the pixel above, or -1
    known_above, known = np.zeros(ns, np.bool_), np.zeros(ns, np.bool_)
    rolling = np.array([0, 0, 0, -1])
    count = sets = components = wet = 0
    state = FINE
    for line in range(nl):
        if line % REPORT == 0:
            reports[0, line // REPORT], reports[1, line // REPORT] = count, components
        left, current = NOTHING, -2
        for sample in range(ns):
            value = int(image[line, sample])
            if value <= ocean_thresh and len(second):
                found = is_ocean(line, sample, forward, inverse, second, rolling)
                if found < 0:
                    state = ELSEWHERE
                    break
                if found > 0:
                    image[line, sample] = OCEAN
                    ocean[0, wet], ocean[1, wet] = line, sample
                    wet += 1
                    left = OCEAN
                    if count >= most:
                        state = TOO_MANY
                        break
                    continue
            if value <= thresh:
                upper = int(image[line - 1, sample]) if line > 0 else NOTHING
                outer = edge and (line == 0 or line == nl - 1)
                side = edge and (sample == 0 or sample == ns - 1)
                fresh = False
                if left <= thresh:
                    if upper <= thresh:
                        mine, other = root(parents, current), root(parents, above[sample])
                        if mine != other:
                            parents[mine] = other
                            if components == names[mine] + 1:
                                components -= 1
                        current = other
                    else:
                        fresh = outer and sample % PIECE == 0
                elif upper <= thresh:
                    fresh = side and line % PIECE == 0
                    current = above[sample]
                else:
                    fresh = True
                if fresh:
                    parents[sets], names[sets] = sets, components
                    current = sets
                    sets += 1
                    components += 1
                records[0, count], records[1, count] = line, sample
                records[2, count], records[3, count] = current, thresh
                count += 1
                above[sample] = current
                known[sample] = True
                if sample > 0 and left > thresh:
                    records[0, count], records[1, count], records[2, count] = line, sample - 1, current
                    records[3, count] = left if left != OCEAN else 0
                    count += 1
                    known[sample - 1] = True
                if upper > thresh and line > 0 and not known_above[sample]:
                    records[0, count], records[1, count], records[2, count] = line - 1, sample, current
                    records[3, count] = upper if upper != OCEAN else 0
                    count += 1
                    known_above[sample] = True
            else:
                owner = current if current >= 0 else above[sample]
                if owner >= 0:
                    records[0, count], records[1, count] = line, sample
                    records[2, count], records[3, count] = owner, value
                    count += 1
                    known[sample] = True
                above[sample] = -1
                current = -2
            left = value
            if count >= most:
                state = TOO_MANY
                break
        if state != FINE:
            break
        known_above[:] = known
        known[:] = False
    for record in range(count):
        records[2, record] = names[root(parents, records[2, record])]
    return state, count, components, wet, line


@kernel(above=20_000)
def second_heights(lines, samples, forward, inverse, second, factor, heights):
    """Heights of the second image at pixels of the first, between its four pixels. ``heights`` int64 is filled.

    The original reads every line once, into one of two places; a line it comes back to is whatever lies there now.
    """
    nl, ns = second.shape
    places = np.full(nl, -1, np.int64)
    held = np.zeros(2, np.int64)
    following = 0
    for record in range(len(lines)):
        east = forward[0] * lines[record] + forward[1] * samples[record] + forward[2]
        north = forward[3] * lines[record] + forward[4] * samples[record] + forward[5]
        x = inverse[0] * east + inverse[1] * north + inverse[2]
        y = inverse[3] * east + inverse[4] * north + inverse[5]
        top, left = min(max(int(x) - 1, 0), nl - 2), min(max(int(y) - 1, 0), ns - 2)
        if top < 0 or left < 0:
            heights[record] = -32767
            continue
        for line in range(top, top + 2):
            if places[line] == -1:
                places[line] = following
                held[following] = line
                following = 1 - following
        down, right = x - int(x), y - int(y)
        up, back = 1.0 - down, 1.0 - right
        total = weights = 0.0
        for row in range(2):
            for column in range(2):
                weight = (down if row else up) * (right if column else back)
                total += second[held[places[top + row]], left + column] * weight
                weights += weight
        heights[record] = int(total * factor / weights + 0.5)


@kernel(above=200_000)
def fill(lines, samples, components, heights, starts, border_lines, border_samples, residuals, half_power, out):
    """Heights of pixels of holes: of the second image, and what the borders of the hole differ from it.

    The borders lie component after component, each from ``starts`` on, and in order of lines. ``half_power`` is 1 for
    squared distances. ``out`` float64 is filled; what is its own border (a pixel that became a hole afterwards, or an
    ocean) gets NaN.
    """
    for n in range(len(lines)):
        line, sample, component = lines[n], samples[n], components[n]
        total = weights = 0.0
        for k in range(starts[component], starts[component + 1]):
            if border_lines[k] < line - BAND - 1:  # the original is one line late to forget
                continue
            if border_lines[k] > line + BAND:
                break
            x, y = float(line - border_lines[k]), float(sample - border_samples[k])
            distance = x * x + y * y
            if half_power != 1.0:
                distance = distance**half_power
            if distance == 0.0:  # its own border: the weights are infinite
                total = np.nan
            else:
                total += residuals[k] / distance
            weights += 1.0 if distance == 0.0 else 1.0 / distance
        out[n] = heights[n] + (total / weights if weights > 0.0 else 0.0)
