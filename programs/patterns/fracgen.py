"""FRACGEN: a fractal surface (fractional Brownian motion). Source: ``vos/p2/prog/fracgen`` (Fortran, 1-JULY-1994).

Random amplitudes, falling with the frequency, and random phases are transformed back. The transform is the original's
own, in single precision: columns first, then each line as a real one in half its length.
known: nothing. accepted: no scratch file is written.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.random import Rangen

FORTRAN = True

f32 = np.float32
LARGEST = {"HALF": 32767.0, "REAL": 1.0}
Parts = tuple[np.ndarray, np.ndarray]  # real and imaginary parts, kept apart so that each product is rounded by itself


def main(task):
    task.if_message("FRACGEN  version 1-JULY-1994")
    nl, ns = task.integer("NL"), task.integer("NS")
    lines, samples = (1 << (size - 1).bit_length() for size in (nl, ns))
    seed = task.integer("SEED")
    if seed is None:
        seed = int(task.now().timestamp()) % (1 << 24)
    kind, power = task.string("FORMAT"), task.real("POWER")
    spectrum = random_spectrum(task, lines, samples, task.real("FRACDIM"), seed)
    surface = transform(spectrum, lines, samples)[:nl, :ns]
    top = f32(LARGEST.get(kind[:4], 255.0))
    slope = top / (surface.max() - surface.min())
    offset = -surface.min() * slope
    if kind[:4] != "REAL":
        offset = offset + f32(0.5)
    with task.create("OUT", nl=nl, ns=ns, format=kind, u_format="REAL") as result:
        result.write_window(top * libm.pow((slope * surface + offset) / top, np.full(surface.shape, power)))


def generator(task, seed: int) -> Rangen:
    """The generator takes the seed for the lower half of a longer integer, whose upper half is zero."""
    if seed >= 0:
        return Rangen(seed, task.message)
    reduced = seed % (1 << 24)
    if -seed >= 1 << 24:
        task.message(f"RANGEN::: Random Seed value of {seed} adjusted to {reduced}")
    return Rangen(reduced)


def random_spectrum(task, lines: int, samples: int, dimension, seed: int) -> Parts:
    """Half of the spectrum, lines x samples / 2."""
    beta = f32(2) * (f32(3) - dimension) + f32(1)
    exponent = -(f32(1) + beta) / f32(4)
    down = np.arange(lines)
    y = np.minimum(down, lines - down).astype(np.float32) / f32(lines)
    x = np.arange(samples // 2).astype(np.float32) / f32(samples)
    square = x * x + (y * y)[:, None]
    draws = generator(task, seed).draws(2 * (square.size - 1)).reshape(-1, 2)
    size, turn = np.zeros(square.size, np.float32), np.zeros(square.size, np.float32)
    flat = square.ravel()[1:]
    falling = libm.pow(flat, np.full(flat.shape, exponent))
    size[1:] = falling * np.sqrt(-libm.log(np.maximum(draws[:, 0], f32(1e-10))))
    odd = (np.arange(1, lines + 1)[:, None] + np.arange(1, samples // 2 + 1)) % 2 == 1
    turn[1:] = f32(2 * 3.14159) * draws[:, 1]
    turn = np.where(odd.ravel(), -turn, turn)
    return (size * libm.cos(turn)).reshape(square.shape), (size * libm.sin(turn)).reshape(square.shape)


# -- transform ----------------------------------------------------------------------------------------------------------


def phases(count: int, length: int) -> Parts:
    """Cosine and sine of the first ``count`` steps around the circle of ``length`` steps, clockwise."""
    angle = f32(-2) * f32(3.1415926535) * np.arange(count).astype(np.float32) / f32(length)
    return libm.cos(angle), libm.sin(angle)


def times(a: Parts, b: Parts) -> Parts:
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def transform(spectrum: Parts, lines: int, samples: int) -> np.ndarray:
    """The surface, lines x samples."""
    columns = rows_transformed((spectrum[0].T.copy(), spectrum[1].T.copy()))
    real, imaginary = rows_transformed(unfolded((columns[0].T.copy(), columns[1].T.copy())))
    surface = np.empty((lines, samples), np.float32)
    surface[:, ::2], surface[:, 1::2] = real, imaginary
    return surface


def rows_transformed(data: Parts) -> Parts:
    """Each row by the method of Cooley and Tukey."""
    rows, length = data[0].shape
    bits = length.bit_length() - 1
    order = [int(f"{n:0{bits}b}"[::-1], 2) if bits else 0 for n in range(length)]
    real, imaginary = data[0][:, order], data[1][:, order]
    half = 1
    while half < length:
        shape = (rows, length // (2 * half), 2, half)
        real, imaginary = real.reshape(shape), imaginary.reshape(shape)
        turned = times(phases(half, 2 * half), (real[:, :, 1], imaginary[:, :, 1]))
        real = np.stack((real[:, :, 0] + turned[0], real[:, :, 0] - turned[0]), axis=2)
        imaginary = np.stack((imaginary[:, :, 0] + turned[1], imaginary[:, :, 0] - turned[1]), axis=2)
        half *= 2
    return real.reshape(rows, length), imaginary.reshape(rows, length)


def unfolded(data: Parts) -> Parts:
    """Turn the half spectra of real rows into what gives even and odd samples as real and imaginary parts."""
    real, imaginary = (part.copy() for part in data)
    length = real.shape[1]
    low = np.arange(1, length // 2 + 1)
    high = length - low
    cosine, sine = phases(length // 2 + 1, 2 * length)
    turn = sine[1:], -cosine[1:]
    sums = real[:, low] + real[:, high], imaginary[:, low] - imaginary[:, high]
    differences = times(turn, (real[:, low] - real[:, high], imaginary[:, low] + imaginary[:, high]))
    imaginary[:, 0] = real[:, 0]
    real[:, low], imaginary[:, low] = sums[0] - differences[0], sums[1] - differences[1]
    real[:, high], imaginary[:, high] = sums[0] + differences[0], -(sums[1] + differences[1])
    return real, imaginary
