"""GTMSS: images side by side, with a check of their maps. Source: ``vos/p2/prog/gtmss`` (C)."""

from __future__ import annotations

import numpy as np

from programs.carto._join import Join
from programs.carto._lines import sweep, write_lines


def main(task):
    task.if_message("GTMSS version 2019-09-05")
    join = Join(task, 1, lambda text: task.printf(text))
    join.check_maps()
    inputs = join.open_inputs("\n")
    sl, ss = join.field[:2]
    images, _, widths = zip(*inputs)
    with task.create("OUT", nl=inputs[0][1], ns=sum(widths)) as result:
        for done, parts in sweep(images, sl, ss, inputs[-1][1], widths):
            write_lines(result, np.concatenate([part.view(result.dtype) for part in parts], axis=1), done + 1)
