"""Make images with bad lines."""

import math
import random

from made_images import image

chance = random.Random(8)


def scene(nl, ns):
    for line in range(nl):
        row = [100 + 40 * math.sin(s / 5 + line * 0.05) + 20 * math.cos(line / 7) + chance.gauss(0, 2) for s in range(ns)]
        kind = chance.random()
        if kind < 0.05:
            row = [0.0] * ns
        elif kind < 0.12:
            row = [chance.uniform(0, 255) for _ in row]
        elif kind < 0.16:
            row = [value + 25 for value in row]
        elif kind < 0.2:
            row[ns // 2 :] = [chance.uniform(0, 255) for _ in row[ns // 2 :]]
        yield from (min(255.0, max(0.0, value)) for value in row)


image("byte", "BYTE", 90, 30, map(int, scene(90, 30)))
image("half", "HALF", 60, 20, map(int, scene(60, 20)))
image("real", "REAL", 40, 25, scene(40, 25))
image("two", "BYTE", 2, 10, map(int, scene(2, 10)))
image("many", "BYTE", 60, 20, chance.randbytes(1200))
