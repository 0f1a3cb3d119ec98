"""AVGPIX: mean of BYTE images, pixel by pixel, without zeros. Source: ``vos/p2/prog/avgpix`` (C++, 2020-05-14).

The sums are single-precision, so they are exact; their quotient is truncated. Pixels that are zero everywhere stay zero.
Measured against the log that comes with the source; a build by today's compilers refuses every image, as the file name it
asks for overwrites the format it compares.

known: images with more samples than lines, for which the original's line buffer is too small, are averaged here; an empty line
of the list is a file that cannot be opened.
"""

from __future__ import annotations

import numpy as np

LONGEST_NAME = 199  # bytes the original reads at once
LONGEST_TEXT = 199


def main(task) -> None:
    """Run AVGPIX."""
    task.if_message("AVGPIX version 2020-05-14")
    name = task.string("LIST")
    say(task, f"Reading list file {name}")
    with task.open("INP") as source:
        say(task, f"Using input image: {source.name} for output labeling")
        check(task, source)
        result = task.create("OUT", u_format="REAL", format="BYTE")
        shape = source.nl, source.ns
    total, count = np.zeros(shape, np.float32), np.zeros(shape, np.int32)
    for file in names(task, name):
        say(task, f"Processing input image: {file}")
        with task.open("IGNORE", file=file) as image:
            check(task, image)
            if (image.nl, image.ns) != shape:
                task.abend("Input images must have same shape")
            pixels = image.read_window()
        total += pixels
        count += pixels != 0
    result.write_window(total / np.maximum(count, 1).astype(np.float32))
    result.close()


def say(task, text: str) -> None:
    task.message(text[:LONGEST_TEXT])


def check(task, image) -> None:
    """Refuse what cannot be averaged."""
    if image.format != "BYTE":
        task.abend("Non-BYTE images not supported")
    if image.nb != 1:
        task.abend("Multi-band images not supported")


def names(task, name: str):
    """File names of the list, one a line; lines that begin with # are comments."""
    try:
        text = task.path(name).read_bytes().decode("latin-1")
    except OSError:
        task.abend(f"Error opening {name}"[:LONGEST_TEXT])
    for line in text.splitlines(keepends=True):
        for start in range(0, len(line), LONGEST_NAME):
            part = line[start : start + LONGEST_NAME]
            if not part.startswith("#"):
                yield part.removesuffix("\n")
