"""Reading many lines at once with the refusals of reading them one by one."""

from __future__ import annotations

import numpy as np


def read_lines(source, line: int, samp: int, nl: int, ns: int) -> np.ndarray:
    """``nl`` lines as XVREAD with LINE, SAMP and NSAMPS gives them, nl x ns.

    An image of several bands refuses a LINE without a BAND, and a line behind the last is an error that names the one
    before; both come from asking for the lines singly.
    """
    if source.geometry.n3 != 1 or line < 1 or line + nl - 1 > source.nl:
        return np.stack([source.read(line + i, samp, ns) for i in range(nl)])
    return source.read_window(line, samp, nl, ns)


def next_lines(source, count: int, ns: int | None = None) -> np.ndarray:
    """The next ``count`` records of an image, whatever band they belong to (XVREAD without LINE), count x ns."""
    first = source.record_number + 1
    g = source.geometry
    if first + count - 1 > g.n2 * g.n3 or g.n3 != 1 or g.org != "BSQ":
        return np.stack([source.read(nsamps=ns) for _ in range(count)])
    return source.read_window(first, 1, count, ns)
