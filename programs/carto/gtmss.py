"""GTMSS: images side by side, with a check of their maps. Source: ``vos/p2/prog/gtmss`` (C)."""

from __future__ import annotations

import numpy as np

from programs.carto._join import Join
from programs.carto._lines import LINES_AT_ONCE, read_lines, write_lines


def main(task):
    task.if_message("GTMSS version 2019-09-05")
    join = Join(task, 1, lambda text: task.printf(text))
    join.check_maps()
    inputs = join.open_inputs("\n")
    lines = inputs[-1][1]
    sl, ss = join.field[:2]
    with task.create("OUT", nl=inputs[0][1], ns=sum(samples for _, _, samples in inputs)) as result:
        for start in range(0, lines, LINES_AT_ONCE):
            count = min(LINES_AT_ONCE, lines - start)
            parts = [read_lines(image, sl + start, ss, count, samples).view(result.dtype) for image, _, samples in inputs]
            write_lines(result, np.concatenate(parts, axis=1), start + 1)
