"""CFORM: change the pixel format of an image, with a linear function of the values.

Source: ``vos/p2/prog/cform`` (Fortran). The function is applied in single precision (in double precision for DOUB input);
integer results are rounded to the nearest, halves away from zero, and limited to BYTE and HALF. Integer input is rounded
before it is limited, real input after; for FULL only real input is limited, to +-2147480064.

The BINARY option keeps three slips of the original: prefixes wait behind word NL of the line buffer, where long lines
overwrite them, the records of bands after the first are counted without the binary header, and an image without prefixes
ends in BADSAMP.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint

FORTRAN = True
OLD_NAMES = {"WORD": "HALF", "LONG": "FULL", "COMPLEX": "COMP", "REAL8": "DOUB"}
LIMITS = {"BYTE": (0, 255), "HALF": (-32768, 32767)}
FULL_LIMIT = np.float32(2.14748e9)
BUFFER_BYTES = 8000000
PIXELS_AT_ONCE = 1 << 20


def main(task):
    task.message("*** CFORM version 2018-03-29 ***")
    binary = task.keyword("BINARY")
    source = open_input(task, binary)
    if source is None:
        window_asked(task, binary)
        describe(task, linear_function(task), "BYTE", task.string("OFORM") or "HALF")
        task.create("OUT")
    if source.org != "BSQ":
        task.abend(" ** CFORM ONLY SUPPORTS BSQ FORMAT **")
    window, bands = window_asked(task, binary, source)
    old = OLD_NAMES.get(source.format, source.format)
    new = task.string("OFORM")
    new = OLD_NAMES.get(new, new) or ("HALF" if old == "BYTE" else "BYTE")
    check_sizes(task, source, new, binary, window.nli, window.nl)
    slope, offset = linear_function(task)
    formula = describe(task, (slope, offset), old, new)
    parts = {"binary": True, "nbb": source.nbb, "nlb": source.nlb} if binary else {}
    with source, task.create("OUT", nl=window.nl, ns=window.ns, nb=bands.nb, format=new, u_format=buffer_format(new),
                             **parts) as result:
        result.label.add("CONV", formula[:31], task="", format="STRING")
        if binary:
            convert_binary(source, result, window, bands, old, new, slope, offset)
        else:
            convert_window(task, source, result, window, bands, old, new, slope, offset)
    task.message("CONVERSION COMPLETE")


def describe(task, function, old: str, new: str) -> str:
    formula = edit("('OUT = IN *',F10.3,'+',F10.3)", *function)
    task.messages(formula, f"INPUT FORMAT = {old}", f"OUTPUT FORMAT = {new}")
    return formula


def buffer_format(fmt: str) -> str:
    """Format of the program's line buffer: bytes are handled as halfwords."""
    return "HALF" if fmt == "BYTE" else fmt


def open_input(task, binary: bool):
    """The input, bytes seen as halfwords; None if it cannot be opened: the original notices when it opens the output."""
    try:
        source = task.open("INP", binary=binary)
    except VicarError:
        return None
    if OLD_NAMES.get(source.format, source.format) == "BYTE":
        source.close()
        source = task.open("INP", binary=binary, u_format="HALF")
    return source


def window_asked(task, binary: bool, source=None):
    """The window and the bands; with binary parts only all of the image will do, of no image only nothing."""
    window, bands = task.size_field(source), task.band_field(source)
    asked = (window.sl, window.ss, bands.sb, window.nl, window.ns, bands.nb)
    if binary and asked != (1, 1, 1, window.nli, window.nsi, bands.nbi):
        task.abend(' ** CANNOT SPECIFY "BINARY" WITH SIZE WINDOW **')
    return window, bands


def check_sizes(task, source, new: str, binary: bool, nli: int, nlo: int) -> None:
    """The original measures lines by the number of lines, not of samples."""
    from vicar.image.formats import DTYPES

    prefix = source.nbb if binary else 0
    old_size, new_size = source.pix_size, DTYPES[new].itemsize
    if prefix + old_size * nli > BUFFER_BYTES:
        task.abend(" ** INPUT LINE LENGTH EXCEEDS BUFFER SIZE **")
    if prefix + new_size * nlo > BUFFER_BYTES:
        task.abend(" ** OUTPUT LINE LENGTH EXCEEDS BUFFER SIZE **")
    if binary and source.nlb > 0:
        if new_size < old_size:
            task.abend(" ** Format change will cause loss of binary header data! **")
        if new_size > old_size:
            task.message(" Warning: format change will increase lengths of binary headers!")
            task.message(" Binary headers will be padded with zeroes.")


def linear_function(task) -> tuple[np.float32, np.float32]:
    """Slope and offset from SO, or from IRANGE and ORANGE."""
    given = task.reals("SO")
    if len(given):
        slope, offset = np.append(given, np.float32(0))[:2]
        return slope, offset
    inputs, outputs = task.reals("IRANGE"), task.reals("ORANGE")
    if len(inputs) != len(outputs):
        task.abend(" ** SPECIFY BOTH IRANGE/ORANGE, OR NEITHER **")
    if not len(inputs):
        return np.float32(1), np.float32(0)
    i1, i2 = np.append(inputs, np.float32(0))[:2]
    o1, o2 = np.append(outputs, np.float32(0))[:2]
    slope = (o1 - o2) / (i1 - i2)
    return slope, o1 - slope * i1


def convert(dn: np.ndarray, old: str, new: str, slope: np.float32, offset: np.float32) -> np.ndarray:
    """Values of the new format (BYTE as halfwords)."""
    if old == "COMP" and new == "COMP":
        return complex_line(dn, slope, offset)
    if old == "COMP":
        dn = libm.hypot(dn.real, dn.imag)
    elif old != "DOUB":
        dn = dn.astype(np.float32)
    values = dn * slope + offset
    if new in ("REAL", "DOUB", "COMP"):
        return values.astype({"REAL": np.float32, "DOUB": np.float64, "COMP": np.complex64}[new])
    if new == "FULL":
        values = values.astype(np.float32)
    if old in ("BYTE", "HALF", "FULL"):
        rounded = nint(values)
        return rounded if new == "FULL" else np.clip(rounded, *LIMITS[new]).astype(np.int16)
    if new == "FULL":
        rounded = nint(values)
        low, high = np.int32(-FULL_LIMIT), np.int32(FULL_LIMIT)
        return np.where(values < -FULL_LIMIT, low, np.where(values > FULL_LIMIT, high, rounded))
    low, high = LIMITS[new]
    return np.where(values < low, low, np.where(values > high, high, nint(values))).astype(np.int16)


def complex_line(dn: np.ndarray, slope: np.float32, offset: np.float32) -> np.ndarray:
    """Complex product with (slope, 0) and sum with (offset, 0), each part rounded as Fortran does it."""
    zero = np.float32(0)
    result = np.empty_like(dn)
    result.real = (dn.real * slope - dn.imag * zero) + offset
    result.imag = (dn.real * zero + dn.imag * slope) + zero
    return result


def convert_window(task, source, result, window, bands, old, new, slope, offset) -> None:
    block = max(1, PIXELS_AT_ONCE // max(window.ns, 1))
    for band in range(bands.nb):
        line = 0
        while line < window.nl:
            inside = source.nl - window.sl - line + 1
            count = min(block, window.nl - line, max(1, inside))
            if inside > 0:
                dn = source.read_window(window.sl + line, window.ss, count, window.ns, bands.sb + band, copy=False)
            else:  # behind a band lies the next one
                dn = source.read(window.sl + line, window.ss, window.ns, bands.sb + band)[np.newaxis]
            result.write_window(convert(dn, old, new, slope, offset), line + 1, 1, band + 1)
            line += count
            task.progress(band * window.nl + line, bands.nb * window.nl)


def convert_binary(source, result, window, bands, old, new, slope, offset) -> None:
    """Whole image with header and prefixes, record by record, as the original counts them."""
    nlb, nbb = source.nlb, source.nbb
    for _ in range(nlb):
        header = source.read()
        result.write(np.pad(header, (0, max(0, result.recsize - len(header)))))
    for band in range(1, bands.nb + 1):
        for line in range(1, window.nl + 1):
            number = line + nlb if band == 1 else line
            prefix = source.read(line=number, nsamps=nbb, band=band).copy()
            record = source.read(line=number, band=band)
            dn = record[nbb:].view(source.dtype)[: window.ns]
            pixels = np.ascontiguousarray(convert(dn, old, new, slope, offset)).view(np.uint8)
            spilled = pixels[8 * window.nl : 8 * window.nl + nbb]
            prefix[: len(spilled)] = spilled
            result.write(np.concatenate([prefix, pixels]), line=number, band=band)
