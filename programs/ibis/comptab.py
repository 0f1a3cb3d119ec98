"""COMPTAB: a table of connected components: place, size and mean DN of each. Source: ``vos/p2/prog/comptab`` (C)."""

from __future__ import annotations

import numpy as np

from programs.ibis import _components


def main(task):
    task.if_message("comptab version 2016-01-13")

    def say(what, instance):
        task.if_message(f"Output {what} truncated to match input size, input {instance}")

    arrays, width, origin = _components.read_images(task, say)
    parts = _components.gather(arrays, width, origin)
    columns = [np.arange(1, len(parts.count) + 1, dtype=np.int32)]
    columns += [_components.through_real(values) for values in (parts.count, parts.line, parts.sample)]
    columns += _components.measures(parts)
    width = 2 * len(arrays) + 13
    with task.create_table(nr=len(parts.count), nc=width, formats=["FULL"] * 4 + ["DOUB"] * (width - 4)) as table:
        for number, values in enumerate(columns, 1):
            table.write(number, values)
