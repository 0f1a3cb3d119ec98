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


def multiplied(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return joined(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real)


def parts_divided(a: np.ndarray, b) -> np.ndarray:
    """Each part by a real number, as in C."""
    return joined(a.real / b, a.imag / b)


def as_complex(a) -> np.ndarray:
    return joined(np.asarray(a, _F), _F(0))


def scaled(a: np.ndarray, b) -> np.ndarray:
    """Times real numbers; they become complex first, which decides the signs of zeros."""
    return multiplied(a, as_complex(b))


def divided(a: np.ndarray, b) -> np.ndarray:
    """By real numbers, made complex first."""
    return quotient(a, as_complex(b))


def quotient(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """By Smith's rule: the larger part of the divisor is divided by."""
    imaginary_larger = np.abs(b.real) < np.abs(b.imag)
    large = np.where(imaginary_larger, b.imag, b.real)
    small = np.where(imaginary_larger, b.real, b.imag)
    part = small / large
    divisor = small * part + large
    real = np.where(imaginary_larger, a.real * part + a.imag, a.imag * part + a.real)
    imaginary = np.where(imaginary_larger, a.imag * part - a.real, a.imag - a.real * part)
    return joined(real / divisor, imaginary / divisor)


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
    result = divided(relation.conj(), power(relation) + noise)
    result[power(otf) == 0] = 0
    return result


def amplitude(image, otf, first, noise):
    transfer = np.sqrt(power(image)) / (first * np.sqrt(power(otf) + _SMALL))
    return divided(scaled(image, transfer), transfer * transfer + noise)


RESTORE = {"direct": direct, "wiener": restoration, "ratio": ratio, "amplitude": amplitude}
