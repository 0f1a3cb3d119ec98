"""Reading a window line after line, many lines at once, with the errors a program that reads single lines would get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from vicar.errors import VicarError

if TYPE_CHECKING:
    from vicar.image.image import Image

PIXELS_AT_ONCE = 1 << 20


def line_spans(nl: int, ns: int) -> Iterator[tuple[int, int]]:
    """Parts of ``nl`` lines of ``ns`` samples to work on at once: number of the first line from 0, number of lines."""
    block = max(1, PIXELS_AT_ONCE // max(ns, 1))
    for done in range(0, nl, block):
        yield done, min(block, nl - done)


def line_blocks(image: Image, sl: int, ss: int, nl: int, ns: int, band: int | None = 1, step: int = 1
                ) -> Iterator[tuple[int, np.ndarray]]:
    """``nl`` lines from ``sl`` on, every ``step``-th: number of the block's first line from 0, array lines x samples.

    A window that reaches over the edge of the image, and a file that is too short, are read line by line, so that the
    lines before an error are delivered and the error names the record the original names. ``band`` None is for programs
    that give the line alone, which is an error if there are several bands. The arrays may be read-only.
    """
    block = max(1, PIXELS_AT_ONCE // max(ns, 1)) * step
    for done in range(0, nl, block):
        count = min(block, nl - done)
        try:
            if sl < 1 or ss < 1 or ns < 1 or image._short is not None or band is None and image.n3 > 1:
                raise VicarError("EOF", "XVREAD", image.name)
            lines = image.read_window(sl + done, ss, count, ns, 1 if band is None else band, copy=False)[::step]
        except VicarError:
            for line in range(done, done + count, step):
                yield line, read_line(image, sl + line, ss, ns, band)[np.newaxis]
        else:
            yield done, lines


def together(images: list[Image], sl: int, ss: int, nl: int, ns: int, band: int | None = 1
             ) -> Iterator[tuple[int, list[np.ndarray]]]:
    """`line_blocks` of the same window of several images: an error comes after the lines that all of them have."""
    block = max(1, PIXELS_AT_ONCE // max(ns, 1))
    for done in range(0, nl, block):
        count = min(block, nl - done)
        try:
            if sl < 1 or ss < 1 or ns < 1 or any(image.short or band is None and image.n3 > 1 for image in images):
                raise VicarError("EOF", "XVREAD", images[0].name)
            parts = [image.read_window(sl + done, ss, count, ns, band or 1, copy=False) for image in images]
        except VicarError:
            for line in range(sl + done, sl + done + count):
                yield line - sl, [read_line(image, line, ss, ns, band)[np.newaxis] for image in images]
        else:
            yield done, parts


def read_line(image: Image, line: int, samp: int, nsamps: int, band: int | None = 1) -> np.ndarray:
    """One line of a window as a program reads it that gives LINE, SAMP, NSAMPS and BAND (unless None)."""
    if image.org == "BIP" and band is not None:
        return image.read_window(line, samp, 1, nsamps, band)[0]
    return image.read(line=line, samp=samp, nsamps=nsamps, band=band)


def abreast(images: list[Image], sl: int, ss: int, nl: int, widths: list[int], block: int = 256
            ) -> Iterator[tuple[int, list[np.ndarray]]]:
    """The same lines of several images: number of lines, one array an image; read by their line numbers alone.

    Lines that not all images have are read one by one, so that errors come in the order of a program that reads line
    after line, image after image.
    """
    common = max(0, min(min(image.nl for image in images) - sl + 1, nl))
    if sl < 1 or any(image.n3 > 1 or image.org == "BIP" or image._short is not None for image in images):
        common = 0
    for done in range(0, common, block):
        count = min(block, common - done)
        yield count, [
            image.read_window(sl + done, ss, count, width, copy=False) for image, width in zip(images, widths)
        ]
    for line in range(sl + common, sl + nl):
        yield 1, [image.read(line=line, samp=ss, nsamps=width)[np.newaxis] for image, width in zip(images, widths)]
