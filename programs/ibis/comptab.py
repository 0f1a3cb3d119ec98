"""COMPTAB: a table of connected components: place, size and mean DN of each. Source: ``vos/p2/prog/comptab`` (C)."""

from __future__ import annotations

from programs.ibis import _components


def main(task):
    task.if_message("comptab version 2016-01-13")

    def say(what, instance):
        task.if_message(f"Output {what} truncated to match input size, input {instance}")

    parts = _components.gather(task, say)
    columns = _components.columns(parts) + _components.measures(parts)
    width = 2 * task.count("INP") + 13
    with task.create_table(nr=len(parts), nc=width, formats=["FULL"] * 4 + ["DOUB"] * (width - 4)) as table:
        for number, values in enumerate(columns, 1):
            table.write(number, values)
