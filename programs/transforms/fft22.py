"""FFT22: two-dimensional Fourier transform of an image of any size with small prime factors.

Source: ``vos/p2/prog/fft22`` over ``vos/p2/sub/dfft`` (Fortran). The transform is written transposed. The original transposes in
passes through a buffer of 2**BUFPOW bytes and a scratch file; only the message about it is left of that.

known: nothing. accepted: the scratch file is never made.
"""

from __future__ import annotations

import numpy as np

from programs._reading import next_lines
from vicar.numerics import singleton
from vicar.numerics.singleton import LINES

FORTRAN = True
PIXELS_AT_ONCE = 1 << 18
OUTPUT_RANGE = {"BYTE": (0.0, 255.0), "HALF": (-32768.0, 32767.0), "FULL": (-2.14748e9, 2.14748e9)}


def main(task):
    task.if_message("FFT22 version 1-JUL-94")
    power = task.integer("BUFPOW")
    room = 2**power // 8 if 0 <= power < 31 else 0
    source = task.open("INP", u_format="COMP")
    window = task.size_field(source)
    nl = min(window.nl, window.nli - window.sl + 1)
    ns = min(window.ns, window.nsi - window.ss + 1)
    if nl <= 0 or ns <= 0:
        task.abend("** INVALID INPUT AREA REQUESTED **")
    mode = task.string("MODE")
    inverse = mode == "INVERSE" or (mode is None and source.format == "COMP")
    if inverse and source.format != "COMP":
        task.abend("** INPUT TO INVERSE TRANSFORM MUST BE COMPLEX **")
    task.message("INVERSE TRANSFORM" if inverse else "FORWARD TRANSFORM")
    out_format = "COMP"
    if inverse:
        out_format = "BYTE" if task.defaulted("FORMAT") else task.string("FORMAT")
    announce_scratch(task, room, nl, ns, inverse and out_format != "COMP")
    result = task.create("OUT", nl=ns, ns=nl, format=out_format, u_format="COMP")
    try:
        for line, values in singleton.transform_plane(lines(source, window, nl, ns), nl, ns, -1 if inverse else 1):
            result.write_window(values if out_format == "COMP" else as_image(values, out_format, nl * ns), line + 1)
    except singleton.PrimeTooLarge:
        task.abend("*** A PRIME FACTOR OF N EXCEEDS 23 ***")
    except singleton.TooManyFactors:
        task.abend("*** TOO MANY SQUARE-FREE OR PRIME FACTORS IN N ***")
    if ns < nl:
        result.label.delete("NL")
        result.label.add("NL", ns, format="INT")
    source.close()
    result.close()
    task.message("TRANSFORM COMPLETED")


def announce_scratch(task, room: int, nl: int, ns: int, to_image: bool) -> None:
    """The message about the scratch file, where the original would need one."""
    power, size = 1, 2
    while size < max(nl, ns):
        power, size = power + 1, size * 2
    lines = room // size
    together = min(lines.bit_length() - 1 if lines else 0, power)
    if together <= 0:
        task.abend("** BUFFER MUST HOLD AT LEAST 2 LINES **")
    if (power - 1) // together and (to_image or min(nl, ns) < size):
        name = task.string("SCRATCH")
        if task.defaulted("SCRATCH"):
            name = "/tmp/fft2scrx." + task.user[:3]
        task.message("USING SCRATCH FILE: " + name)


def lines(source, window, nl: int, ns: int):
    """The area as complex lines, some at a time."""
    whole = window.ss == 1 and ns == window.nsi
    step = max(1, PIXELS_AT_ONCE // ns // LINES * LINES)
    for done in range(0, nl, step):
        first = source.read(window.sl, window.ss, ns)[None] if done == 0 else np.zeros((0, ns), np.complex64)
        count = min(step, nl - done) - len(first)
        if whole and count:
            rest = next_lines(source, count)
        else:
            rest = np.array([source.read(samp=window.ss, nsamps=ns) for _ in range(count)], np.complex64).reshape(count, ns)
        yield np.concatenate((first, rest)) if done == 0 else rest


def as_image(values: np.ndarray, out_format: str, count: int) -> np.ndarray:
    """The real part over the number of pixels, rounded for integers (truncation follows); complex."""
    real = values.real / np.float32(count)
    if out_format in OUTPUT_RANGE:
        low, high = (np.float32(limit) for limit in OUTPUT_RANGE[out_format])
        real = np.where(real < low, low, real)
        real = np.where(real > high, high, real) + np.float32(0.5)
    return real.astype(np.complex64)
