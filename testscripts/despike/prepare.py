"""Make noisy images of all formats, organizations and small sizes."""

import math
import random

from made_images import image

chance = random.Random(5)


def scene(nl, ns, spread=90, share=0.08):
    for line in range(nl):
        for sample in range(ns):
            value = 120 + 40 * math.sin(sample / 9) + 30 * math.cos(line / 7) + chance.gauss(0, 2)
            value += (chance.random() < share) * chance.uniform(-spread, spread)
            yield value


def whole(values, low=0, high=255):
    return [min(high, max(low, int(value))) for value in values]


image("byte", "BYTE", 60, 80, whole(scene(60, 80)))
image("half", "HALF", 50, 40, whole(scene(50, 40, 900, 0.15), -900, 900))
image("full", "FULL", 30, 30, [int(1e5 * value) for value in scene(30, 30)])
image("real", "REAL", 40, 50, scene(40, 50, 300, 0.3))
image("doub", "DOUB", 20, 20, scene(20, 20))
image("wild", "BYTE", 40, 40, chance.randbytes(1600))
image("cube", "BYTE", 12, 14, whole(scene(36, 14)), 3)
image("lines", "BYTE", 12, 14, whole(scene(36, 14)), 3, "BIL")
image("pixels", "BYTE", 12, 14, whole(scene(36, 14)), 3, "BIP")
for number, (nl, ns) in enumerate(((1, 9), (2, 12), (3, 12), (4, 12), (9, 2), (9, 1))):
    image(f"small{number}", "HALF", nl, ns, whole(scene(nl, ns, 500, 0.3), -400, 400))
image("thin", "BYTE", 1, 9, chance.randbytes(18), 2)
