"""IMMERGE: two images into odd and even samples of one. Source: ``vos/p2/prog/immerge`` (C)."""

from __future__ import annotations

import numpy as np

from programs.carto._lines import LINES_AT_ONCE, read_lines, write_lines


def main(task):
    task.if_message("immerge version 2015-11-05")
    with task.open("INP", 1, u_format="HALF") as odd, task.open("INP", 2, u_format="HALF") as even:
        nl, ns = odd.nl, odd.ns
        if (even.nl, even.ns) != (nl, ns):
            task.abend("images must be same size")
        with task.create("OUT", nl=nl, ns=2 * ns, u_format="HALF") as result:
            for start in range(0, nl, LINES_AT_ONCE):
                count = min(LINES_AT_ONCE, nl - start)
                pixels = np.stack([read_lines(image, start + 1, 1, count, ns) for image in (odd, even)], axis=2)
                write_lines(result, pixels.reshape(count, 2 * ns), start + 1)
