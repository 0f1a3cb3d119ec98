"""IMMERGE: two images into odd and even samples of one. Source: ``vos/p2/prog/immerge`` (C)."""

from __future__ import annotations

import numpy as np

from programs.carto._lines import sweep, write_lines


def main(task):
    task.if_message("immerge version 2015-11-05")
    with task.open("INP", 1, u_format="HALF") as odd, task.open("INP", 2, u_format="HALF") as even:
        nl, ns = odd.nl, odd.ns
        if (even.nl, even.ns) != (nl, ns):
            task.abend("images must be same size")
        with task.create("OUT", nl=nl, ns=2 * ns, u_format="HALF") as result:
            for done, parts in sweep([odd, even], 1, None, nl, [ns, ns]):
                pixels = np.stack(parts, axis=2)
                write_lines(result, pixels.reshape(-1, 2 * ns), done + 1)
