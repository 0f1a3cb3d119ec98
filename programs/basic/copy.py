"""COPY: all or a window of an image to a new file.

Source: ``vos/p2/prog/copy`` (Fortran). The original never succeeds on an unlabelled file: it looks at INSIZE only when that
was left out, so the size is always missing (SIZREQ). That is kept.

accepted: NOBLOCK has no effect on disk files, as in the original on Unix.
"""

from __future__ import annotations

from dataclasses import replace

from vicar.errors import VicarError
from vicar.image.records import copy_records

FORTRAN = True
RECORD_LIMIT = 200000  # bytes
PIXELS_AT_ONCE = 1 << 22


def main(task):
    task.message(" COPY VERSION 12-JUL-1993")
    binary = task.keyword("BINARY")
    source = open_input(task, binary)
    window, bands = clipped_window(task, source)
    whole = (window.sl, window.ss, bands.sb) == (1, 1, 1) and (window.nl, window.ns, bands.nb) == (
        source.nl, source.ns, source.nb)
    if binary and not whole:
        binary = False
        source.close()
        source = task.open("INP")
        task.message("Output is a sub-window of input, so")
        task.message("binary parts can not be copied.")
        task.message("Continuing with copy of non-binary parts.")
    record = bands.nb if source.org == "BIP" else window.ns
    if record * source.pix_size > RECORD_LIMIT:
        task.message("Record is too big for internal buffer")
        task.message("Please notify cognizant programmer for COPY")
        task.abend()
    size = {"nl": window.nl, "ns": window.ns, "nb": bands.nb, "org": source.org}
    if binary:
        with source, task.create("OUT", binary=True, nlb=source.nlb, nbb=source.nbb, **size) as result:
            copy_records(source, result, count=source.nlb + source.geometry.records)
        return
    with source, task.create("OUT", **size) as result:
        copy_window(task, source, result, window, bands)


def open_input(task, binary: bool):
    """The labelled image; otherwise the attempt at an unlabelled one, which always fails (see above)."""
    try:
        return task.open("INP", binary=binary)
    except VicarError:
        return task.open("INP", labels=False)


def clipped_window(task, source):
    """The window the user asked for, cut at the edges of the input, with the messages about that."""
    window, bands = task.size_field(source), task.band_field(source)
    if window.sl > source.nl or window.ss > source.ns:
        task.message("SL/SS cannot exceed NL/NS of input image")
        task.abend()
    nl = min(window.nl, source.nl - window.sl + 1)
    ns = min(window.ns, source.ns - window.ss + 1)
    nb = min(bands.nb, source.nb - bands.sb + 1)
    if (nl, ns, nb) != (window.nl, window.ns, bands.nb):
        task.message("Copy window too large, truncating output image...")
    return replace(window, nl=nl, ns=ns), replace(bands, nb=nb)


def copy_window(task, source, result, window, bands) -> None:
    block = max(1, PIXELS_AT_ONCE // max(window.ns, 1))
    for band in range(bands.nb):
        for line in range(0, window.nl, block):
            lines = min(block, window.nl - line)
            dn = source.read_window(window.sl + line, window.ss, lines, window.ns, bands.sb + band)
            result.write_window(dn, line + 1, 1, band + 1)
            task.progress(band * window.nl + line + lines, bands.nb * window.nl)
