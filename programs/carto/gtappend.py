"""GTAPPEND: images one below the other, with a check of their maps. Source: ``vos/p2/prog/gtappend`` (C)."""

from __future__ import annotations

from programs.carto._join import Join
from programs.carto._lines import copy_lines


def main(task):
    task.if_message("GTAPPEND version 2019-09-04")
    join = Join(task, 0, task.if_message)
    join.check_maps()
    inputs = join.open_inputs("")
    with task.create("OUT", nl=sum(lines for _, lines, _ in inputs), ns=inputs[0][2]) as result:
        line = 1
        for image, lines, samples in inputs:
            copy_lines(image, result, join.field[0], join.field[1], lines, samples, line)
            line += lines
