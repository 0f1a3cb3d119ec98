"""Lines of images as the cartography programs read and write them: by line number alone.

XVREAD with LINE and no BAND refuses images of several bands and other organizations; so do these.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

LINES_AT_ONCE = 256


def read_lines(image, line: int, samp: int | None, nl: int, ns: int) -> np.ndarray:
    """``nl`` x ``ns`` pixels from (``line``, ``samp``) on; what XVREAD refuses, with SAMP or without, is refused here."""
    if image.n3 != 1 or ns <= 0 or line < 1 or (samp or 1) < 1 or line + nl - 1 > image.nl or image.short:
        return np.array([image.read(line=n, samp=samp, nsamps=ns) for n in range(line, line + nl)])
    return image.read_window(line, samp or 1, nl, ns, copy=False)


def sweep(images: list, line: int, samp: int | None, nl: int, widths: list[int]) -> Iterator[tuple[int, list[np.ndarray]]]:
    """The same lines of several images: number of the block's first line from 0, one array an image.

    Lines that may be refused come one by one, so that the lines before an error are delivered.
    """
    known = min(image.nl for image in images) - line + 1
    if line < 1 or (samp or 1) < 1 or min(widths) < 1 or any(image.n3 != 1 or image.short for image in images):
        known = 0
    done = 0
    while done < nl:
        count = max(1, min(LINES_AT_ONCE, nl - done, known - done))
        yield done, [read_lines(image, line + done, samp, count, ns) for image, ns in zip(images, widths)]
        done += count


def copy_lines(source, result, line: int, samp: int, nl: int, ns: int, to: int = 1) -> None:
    """Copy a window; its first line becomes line ``to``. Pixels are carried as bytes where the formats differ."""
    for done, (pixels,) in sweep([source], line, samp, nl, [ns]):
        write_lines(result, pixels, to + done)


def write_lines(result, pixels: np.ndarray, line: int) -> None:
    if result.dtype.itemsize == pixels.dtype.itemsize:
        pixels = np.ascontiguousarray(pixels).view(result.dtype)
    if result.n3 != 1:
        for n, row in enumerate(pixels):
            result.write(row, line=line + n)
    else:
        result.write_window(pixels, line)
