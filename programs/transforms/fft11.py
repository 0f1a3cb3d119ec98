"""FFT11: Fourier transform of every line of an image.

Source: ``vos/p2/prog/fft11`` over ``vos/p2/sub/dfft`` and ``realtr`` (Fortran). The coefficients are complex conjugates, those of
real lines are halved, and two neighbours of each quarter change sign (the format of an older program).

Kept: OFORM is read into five characters, so COMPLEX is no format and ends the program.

known: lines of an odd number of real samples: the original spreads the samples with the wrong step and takes the first
half of them from in front of its buffer, or, in a window, from behind what it read; here these are 0.
"""

from __future__ import annotations

import numpy as np

from programs._reading import next_lines
from vicar.numerics import libm, realfft, singleton
from vicar.numerics.prnt import prnt

FORTRAN = True
LINES_AT_ONCE = 256


def main(task):
    forward = not task.keyword("INVERSE")
    if forward:
        task.message("FORWARD TRANSFORM")
        source = task.open("INP")
        kind = source.format
        if kind != "COMP":
            source.close()
            source = task.open("INP", u_format="REAL")
        task.message(f"INPUT FORMAT = {kind}")
        complex_image = kind == "COMP"
    else:
        task.message("INVERSE TRANSFORM")
        source = task.open("INP")
        if source.format != "COMP":
            task.abend(" ** FFT FORMAT IS NOT COMPLEX **")
        complex_image = output_format(task) == "COMP"
    window = task.size_field(source)
    if not forward:
        if window.ss != 1 or window.nsi != window.ns:
            task.abend(" ** INVERSE TRANSFORM USES ENTIRE LINE **")
        if window.nsi % 2 and not complex_image:
            task.abend(" ** FFT OF REAL IMAGE MUST HAVE EVEN NS **")
    task.messages(*prnt("FULL", [window.nli, window.nsi], "INPUT NL, NS = ."))
    task.messages(*prnt("FULL", [window.nl, window.ns], "OUTPUT NL, NS = ."))
    given = window.nsi
    if window.ss - 1 + window.ns > window.nsi:
        given = window.nsi - window.ss + 1
        if window.ns - given > 1024:
            task.abend(" ** EXTRAPOLATION BUFFER TOO SMALL **")
    try:
        (run_forward if forward else run_inverse)(task, source, window, given, complex_image)
    except singleton.PrimeTooLarge:
        task.abend(" A PRIME FACTOR OF NS EXCEEDS 23")
    except singleton.TooManyFactors:
        task.abend(" TOO MANY SQUARE-FREE OR PRIME FACTORS IN NS")


def output_format(task) -> str:
    """OFORM as the original receives it: five characters."""
    return task.string("OFORM")[:5]


def lines_of(source, window, ns: int):
    """(first line from 0, lines x ns) in blocks; the first line is asked for by number, the others follow."""
    yield 0, source.read(window.sl, window.ss, ns)[None]
    for first in range(1, window.nl, LINES_AT_ONCE):
        count = min(LINES_AT_ONCE, window.nl - first)
        if window.ss == 1 and ns == window.nsi:
            yield first, next_lines(source, count)
        else:
            yield first, np.stack([source.read(samp=window.ss, nsamps=ns) for _ in range(count)])


def run_forward(task, source, window, given: int, complex_image: bool) -> None:
    ns, pixels = window.ns, window.nl * window.ns
    with source, task.create("OUT", nl=window.nl, ns=ns, format="COMP", u_format="COMP") as result:
        for first, dn in lines_of(source, window, ns):
            values = dn.astype(np.complex64 if complex_image else np.float32)
            if given < ns:
                extrapolate(values, given)
            if complex_image:
                flat = complex_lines(values, pixels)
            elif ns % 2:
                flat = complex_lines(spread(values, given), pixels)
            else:
                flat = real_lines(values, pixels)
            twitch(flat, ns)
            flat[:, 1::2] *= np.float32(-1)
            result.write_window(flat.view(np.complex64), first + 1)
            task.progress(first + len(dn), window.nl)


def extrapolate(lines: np.ndarray, given: int) -> None:
    """Fill the samples behind ``given`` with half a cosine from the last to the first sample."""
    count = lines.shape[1] - given
    step = np.float32(3.1415928) / np.float32(count)
    angles = np.add.accumulate(np.full(2 * count, step, np.float32), dtype=np.float32)
    cosines = libm.cos(angles)
    last, start = lines[:, given - 1].real.astype(np.float32), lines[:, 0].real.astype(np.float32)
    half = np.float32(0.5)
    size, rising = (last - start) * half, last < start
    size = np.where(rising, -size, size)
    wave = np.where(rising[:, None], cosines[count:], cosines[:count])
    lines[:, given:] = size[:, None] * wave + ((last + start) * half)[:, None]


def complex_lines(values: np.ndarray, of: int) -> np.ndarray:
    """Transform complex lines; real and imaginary parts side by side."""
    return realfft.joined(*singleton.transform(values.real, values.imag, 1, of)).view(np.float32)


def real_lines(values: np.ndarray, of: int) -> np.ndarray:
    """Transform an even number of real samples, half of them by symmetry."""
    half = values.shape[1] // 2
    first = realfft.forward(values, of)
    first.view(np.float32)[:] *= np.float32(0.5)
    result = np.empty(values.shape, np.complex64)
    result[:, : half + 1] = first
    mirrored = first[:, half - 1 : 0 : -1]
    result[:, half + 1 :].real = mirrored.real
    result[:, half + 1 :].imag = mirrored.imag * np.float32(-1)
    return result.view(np.float32)


def spread(values: np.ndarray, given: int) -> np.ndarray:
    """Real samples as the original turns them into complex ones; see the head of this file."""
    ns = values.shape[1]
    lines = np.zeros(values.shape, np.complex64)
    index = np.arange(min(given, ns))
    source = 2 * index - given + 1
    inside = (source >= 0) & (source < ns)
    lines[:, index[inside]] = values[:, source[inside]]
    lines[:, given:] = values[:, given:]
    return lines


def twitch(flat: np.ndarray, ns: int) -> None:
    """Change the sign of two neighbouring numbers at the first and the third quarter, if the length is even."""
    if ns % 2 == 0:
        for place in (ns // 2, ns // 2 + 1, ns // 2 + ns, ns // 2 + ns + 1):
            flat[:, place : place + 1] = -flat[:, place : place + 1]  # the last one of two samples lies behind them


def run_inverse(task, source, window, given: int, complex_image: bool) -> None:
    ns = window.ns
    kind = output_format(task)
    u_format = "COMP" if complex_image else "REAL"
    length = ns if complex_image else ns // 2
    scale = np.float32(1) / np.float32(length)
    if not complex_image:
        scale = scale / np.float32(4)
    with source, task.create("OUT", nl=window.nl, ns=ns, format=kind, u_format=u_format) as result:
        for first, dn in lines_of(source, window, ns):
            flat = np.ascontiguousarray(dn).view(np.float32).copy()
            flat[:, 1::2] *= np.float32(-1)
            if not complex_image:
                flat *= np.float32(2)
            twitch(flat, ns)
            values = back(flat, complex_image, ns, window.nl * ns) * scale
            if kind in ("BYTE", "HALF", "FULL"):
                values = values + np.float32(0.5)
            result.write_window(values.view(np.complex64) if complex_image else values, first + 1)
            task.progress(first + len(dn), window.nl)


def back(flat: np.ndarray, complex_image: bool, ns: int, of: int) -> np.ndarray:
    """Lines from their coefficients, unscaled; complex ones as pairs."""
    values = flat.view(np.complex64)
    if not complex_image:
        return realfft.inverse(values[:, : ns // 2 + 1], of)
    return realfft.joined(*singleton.transform(values.real, values.imag, -1, of)).view(np.float32)
