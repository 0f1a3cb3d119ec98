"""ADDNOISE: additive, shot and bit-error noise.

Source: ``vos/p2/prog/addnoise`` (Fortran). Every pixel takes its random numbers in the order shot (2), additive (2), bit
error (1, and 1 more if it is hit); the bit error looks at no image value, so all numbers are drawn beforehand.

Kept: as many records as a band has lines are read one after the other, whatever the organization; nothing else is written.

known: nothing. accepted: without SEED the numbers depend on the clock.
"""

from __future__ import annotations

import numpy as np

from programs.arithmetic._gauss import generator, normal
from vicar.numerics import fortran
from vicar.numerics.rounding import nint

FORTRAN = True
PIXELS_AT_ONCE = 1 << 18
HIGHEST_BIT = 63


def main(task):
    task.message("ADDNOISE version 2016-05-26")
    gain, sigma, rate = task.real("GAIN"), task.real("SIGMA"), task.integer("RATE")
    bits = task.integer("BITS")
    numbers = generator(task)
    if gain is None and sigma is None and rate is None:
        task.abend("??E - Must select a noise model")
    if gain is not None:
        gain = np.sqrt(np.float32(1) / gain)
    errors = None if rate is None else BitErrors(rate, bits)
    with task.open("INP", u_format="REAL") as source:
        task.message(f"Input format is {source.format}")
        with task.create("OUT", u_format="REAL") as result:
            step = max(1, PIXELS_AT_ONCE // source.ns)
            for line in range(1, source.nl + 1, step):
                count = min(step, source.nl - line + 1)
                if source.org == "BSQ":
                    dn = source.read_window(line, nl=count)
                else:
                    dn = np.stack([source.read() for _ in range(count)])
                refused = False
                try:
                    noisy = add_noise(dn.ravel(), numbers, gain, sigma, errors).reshape(dn.shape)
                except NoSuchBit as error:  # the lines before are written
                    noisy, refused = error.dn.reshape(dn.shape)[: error.pixel // source.ns], True
                if source.format == "BYTE":
                    noisy = np.clip(noisy, np.float32(0), np.float32(255))
                if source.org != "BSQ":
                    for values in noisy:
                        result.write(values)
                elif len(noisy):
                    result.write_window(noisy, line)
                if refused:
                    task.abend("Routine bits called with invalid parameters.")
                task.progress(line + len(dn) - 1, source.nl)
    if errors is not None:
        task.message(fortran.integer(errors.count, 8) + " pixels hit by bit errors")


class NoSuchBit(Exception):
    """A bit a long integer does not have; with the pixels that are done and the number of the one that is not."""

    def __init__(self, dn: np.ndarray, pixel: int):
        self.dn, self.pixel = dn, pixel


class BitErrors:
    """Single bits turned over in a share of the pixels."""

    def __init__(self, rate: int, bits: int):
        self.rate = np.float32(rate) / np.float32(bits)
        self.bits = np.float32(bits)
        self.count = 0

    def turn(self, dn: np.ndarray, which: np.ndarray, draw: np.ndarray) -> np.ndarray:
        """Turn over one bit of the pixels ``which``, chosen by ``draw``."""
        bit = nint(draw * self.bits + np.float32(0.5)).astype(np.int64) - 1
        wrong = np.flatnonzero((bit < 0) | (bit > HIGHEST_BIT))
        bad = int(which[wrong[0]]) if len(wrong) else None
        if bad is not None:
            bit, which = bit[: wrong[0]], which[: wrong[0]]
        whole = nint(dn[which]).astype(np.int64)
        power = np.left_shift(np.int64(1), bit)
        changed = np.where((whole >> bit) & 1 == 0, whole + power, whole - power)
        dn[which] = changed.astype(np.int32).astype(np.float32)
        self.count += len(which)
        if bad is not None:
            raise NoSuchBit(dn, bad)
        return dn


def add_noise(dn: np.ndarray, numbers, gain, sigma, errors) -> np.ndarray:
    """The three kinds of noise on a run of pixels."""
    each = 2 * (gain is not None) + 2 * (sigma is not None)
    if errors is None:
        draws = numbers.draws(each * len(dn)).reshape(len(dn), each)
        hits = np.zeros(0, np.intp)
    else:
        draws, hits, choices = draw_with_errors(numbers, len(dn), each, errors.rate)
    column = 0
    if gain is not None:
        deviate = normal(draws[:, 0], draws[:, 1])
        dn = gain * np.sqrt(np.maximum(dn, np.float32(0))) * deviate * np.float32(0.7979) + dn
        column = 2
    if sigma is not None:
        dn = sigma * normal(draws[:, column], draws[:, column + 1]) + dn
    return errors.turn(dn, hits, choices) if len(hits) else dn


def draw_with_errors(numbers, count: int, each: int, rate) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws of ``count`` pixels, ``each`` per pixel; the pixels that are hit, and the draw that chooses their bit.

    A hit takes one number more, so the place of a pixel's numbers depends on the hits before it.
    """
    pool = numbers.peek(count * (each + 2))
    hit = (pool * rate < np.float32(1)).tolist()
    places, place = [], 0
    for _ in range(count):
        places.append(place)
        place += each + 1 + hit[place + each]
    numbers.skip(place)
    places = np.array(places, np.intp)
    tests = places + each
    hits = np.flatnonzero(np.array(hit)[tests])
    return pool[places[:, None] + np.arange(each)], hits, pool[tests[hits] + 1]
