"""DDD2VIC: Mars Global Surveyor images in DDD format to VICAR. Source: ``vos/p2/prog/ddd2vic`` (C).

A header without sizes counts as one of 0 lines and samples (the original's variables were never set, and are 0): the output
has the size of the input if that is an image, and no line of it is written.
"""

from __future__ import annotations

import re

import numpy as np

from vicar.numerics.cformat import atoi

HEADER = 1024


def main(task):
    task.if_message("DDD2VIC version 2019-08-22")
    try:
        data = (task.directory / task.string("INP")).read_bytes()
    except OSError:
        task.if_message("\nError opening input file\n\n ")
        return
    ns, nl = (size(data[:HEADER], key) for key in (b"cross", b"down"))
    with task.create("OUT", nl=nl, ns=ns, format="BYTE", u_format="BYTE") as result:
        if nl <= 0 or ns <= 0:
            return
        pixels = np.frombuffer(data, np.uint8, offset=min(HEADER, len(data)))
        whole = min(len(pixels) // ns, nl)
        result.write_window(pixels[: whole * ns].reshape(whole, ns))
        if whole < nl:
            task.if_message("\nError reading input\n\n ")
            task.if_message("\nProgram terminated\n\n ")


def size(header: bytes, key: bytes) -> int:
    """The number behind a key and one more character; 0 if there is none."""
    at = header.find(key)
    text = header[at + len(key) + 1 :].decode("latin-1")
    return atoi(text) if at >= 0 and re.match(r"\s*[+-]?\d", text) else 0
