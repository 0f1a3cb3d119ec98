"""Make 16-bit images with all kinds of histograms."""

import random

from made_images import image

chance = random.Random(21)


def normal(count, mean, sigma):
    return [min(32767, max(-32768, int(chance.gauss(mean, sigma)))) for _ in range(count)]


image("calm", "HALF", 60, 50, normal(3000, 300, 80))
image("wild", "HALF", 40, 30, [chance.randint(-32768, 32767) for _ in range(1200)])
image("few", "HALF", 20, 20, [chance.randrange(5) for _ in range(400)])
image("around", "HALF", 50, 50, normal(2500, 0, 3000))
image("seven", "HALF", 5, 5, [7] * 25)
image("zero", "HALF", 5, 5, [0] * 25)
image("cube", "HALF", 20, 30, normal(1800, 500, 200), 3)
image("lines", "HALF", 20, 30, normal(1800, 500, 200), 3, "BIL")
image("pixels", "HALF", 5, 6, normal(60, 50, 20), 2, "BIP")
image("byte", "BYTE", 5, 6, [chance.randrange(256) for _ in range(30)])
