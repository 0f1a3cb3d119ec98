"""Make images with many components."""

import random

from made_images import image

chance = random.Random(4)


def dots(nl, ns, share):
    return [int(chance.random() < share) * chance.randint(1, 9) for _ in range(nl * ns)]


image("sparse", "BYTE", 20, 30, dots(20, 30, 0.3))
image("middle", "HALF", 24, 16, dots(24, 16, 0.55))
image("dense", "FULL", 20, 16, dots(20, 16, 0.75))
image("row", "BYTE", 1, 12, dots(1, 12, 0.5))
image("column", "BYTE", 12, 1, dots(12, 1, 0.5))
image("empty", "BYTE", 4, 4, [0] * 16)
image("full", "BYTE", 4, 4, [3] * 16)
