"""WIENER: blur or restore an image by way of its Fourier transform.

Source: ``vos/p2/prog/wiener`` (Fortran). The optical transfer function is divided by its first value. Complex numbers are
pairs of float32, divided by Smith's rule.

known: lines of more than 4096 samples run over the original's buffers.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
BLOCK = 128
_F = np.float32
_SMALL = _F(0.00001)


def main(task):
    task.if_message("WIENER version Nov 1996")
    inputs = []
    for number in range(1, task.count("INP") + 1):
        source = task.open("INP", number)
        inputs.append(source)
        if not source.format.startswith("COMP"):
            task.message("ALL INPUT FILES MUST BE COMPLEX")
            task.abend()
        if (source.nl, source.ns) != (inputs[0].nl, inputs[0].ns):
            task.message("ALL INPUT FILES MUST BE SAME SIZE")
            task.abend()
    option = task.string("OPTION").lower()
    noise = _F(1) / (_F(task.real("SN")) * _F(task.real("SN")))
    nl, ns = inputs[0].nl, inputs[0].ns
    with task.create("OUT") as result, np.errstate(all="ignore"):
        for line in range(1, nl + 1, BLOCK):
            lines = min(BLOCK, nl + 1 - line)
            image, otf, *wanted = (source.read_window(line, 1, lines, ns) for source in inputs)
            if line == 1:
                first = [part.real[0, 0].copy() for part in (image, otf, *wanted)]
            restored = RESTORE[option](image, divided(otf, first[1]), first[0], noise)
            if option == "amplitude" and line == 1:
                restored[0, 0] = first[0]
            if wanted:
                restored = divided(multiplied(restored, wanted[0]), first[2])
                if line == 1:
                    restored[0, 0] = first[0]
            result.write_window(restored, line, 1)


# ---------------------------------------------------------------- complex float32


def joined(real: np.ndarray, imaginary: np.ndarray) -> np.ndarray:
    result = np.empty(np.shape(real), np.complex64)
    result.real, result.imag = real, imaginary
    return result


def done(operation, a, b) -> np.ndarray:
    """``operation`` of two arrays; of two NaN the first is kept, whatever its sign, as the machine's scalar instructions do."""
    result = operation(a, b)
    if np.isnan(result).any():
        result = np.where(np.isnan(a), a, np.where(np.isnan(b), b, result))
    return result


def times(a, b) -> np.ndarray:
    return done(np.multiply, a, b)


def multiplied(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    real = done(np.subtract, times(a.real, b.real), times(a.imag, b.imag))
    return joined(real, done(np.add, times(a.real, b.imag), times(a.imag, b.real)))


def parts_divided(a: np.ndarray, b) -> np.ndarray:
    """Each part by a real number, as in C."""
    return joined(a.real / b, a.imag / b)


def as_complex(a) -> np.ndarray:
    return joined(np.asarray(a, _F), _F(0))


def scaled(a: np.ndarray, b) -> np.ndarray:
    """Times real numbers; they become complex first, which decides the signs of zeros."""
    return multiplied(a, as_complex(b))


def divided(a: np.ndarray, b, part_first: bool = False) -> np.ndarray:
    """By real numbers, made complex first."""
    return quotient(a, as_complex(b), part_first)


def quotient(a: np.ndarray, b: np.ndarray, part_first: bool = False) -> np.ndarray:
    """By Smith's rule: the larger part of the divisor is divided by. ``part_first``: the order of factors, which a NaN shows."""
    imaginary_larger = np.abs(b.real) < np.abs(b.imag)
    large = np.where(imaginary_larger, b.imag, b.real)
    small = np.where(imaginary_larger, b.real, b.imag)
    part = done(np.divide, small, large)
    divisor = done(np.add, times(small, part), large)
    one, other = np.where(imaginary_larger, a.real, a.imag), np.where(imaginary_larger, a.imag, a.real)
    real = done(np.add, times(part, one) if part_first else times(one, part), other)
    imaginary = np.where(imaginary_larger, done(np.subtract, times(other, part), one),
                         done(np.subtract, one, times(other, part)))  # fmt: skip
    return joined(done(np.divide, real, divisor), done(np.divide, imaginary, divisor))


def power(a: np.ndarray) -> np.ndarray:
    return a.real * a.real + a.imag * a.imag


# ---------------------------------------------------------------- options


def direct(image, otf, first, noise):
    return multiplied(otf, image)


def restoration(image, otf, first, noise):
    factor = _F(1) / (_F(1) / (_F(1) + noise))
    return divided(multiplied(scaled(image, factor), otf.conj()), power(otf) + noise)


def ratio(image, otf, first, noise):
    """The transform of the kernel that turns the first image into the second; nothing where the second is nothing."""
    relation = quotient(image, scaled(otf, first))
    result = divided(relation.conj(), power(relation) + noise, part_first=True)
    result[power(otf) == 0] = 0
    return result


def amplitude(image, otf, first, noise):
    transfer = np.sqrt(power(image)) / (first * np.sqrt(power(otf) + _SMALL))
    return divided(scaled(image, transfer), transfer * transfer + noise)


RESTORE = {"direct": direct, "wiener": restoration, "ratio": ratio, "amplitude": amplitude}
