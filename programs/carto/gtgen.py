"""GTGEN: GeoTIFF label from parameters or from another image. Source: ``vos/p2/prog/gtgen`` (C).

accepted: with fewer than three tiepoints TIECNVRT reads memory it never set; here they count as (0,0), so that the tiepoints
are found collinear.
"""

from __future__ import annotations

from programs.carto._lines import copy_lines
from vicar import geotiff
from vicar.numerics.gauss import solve

MAXIMUM, LENGTH = 40, 199
TIE = "MODELTIEPOINTTAG"


def main(task):
    task.if_message("GTGEN version 2019-09-05")
    inputs, outputs = task.count("INP"), task.count("OUT")
    source = task.open("INP") if inputs else None
    other = None
    if inputs == 2:
        other = geotiff.read_label(task, "INP", 2).upper
        if not other:
            task.abend("second input file problem")
    add, convert = task.keyword("ADD"), task.keyword("TIECNVRT")
    check(task, add, convert, inputs, other is not None)
    items = [text[:LENGTH] for text in task.strings("GEOTIFF")[:MAXIMUM]]
    if items and other is not None:
        task.abend("No parameters allowed for two input file case")
    text = other if other is not None else label_text(task, items, convert)
    keep = "others" if add and convert else "all" if add else "nothing"
    if inputs == 1 and not outputs:
        source.close()
        geotiff.replace_label(task, "INP", 1, text, keep)
        return
    nl, ns = (source.nl, source.ns) if source else (1, 1)
    with task.create("OUT", nl=nl, ns=ns) as result:
        if source:
            copy_lines(source, result, 1, 1, nl, ns)
    geotiff.replace_label(task, "OUT", 1, text, keep)


def check(task, add: bool, convert: bool, inputs: int, two: bool) -> None:
    if (add or convert) and two:
        task.abend("No parameters allowed for two input file case")
    if add and not inputs:
        task.abend("Add not allowed for no input file case")
    task.printf(f"add mode {'on' if add else 'off'}")
    task.printf(f"tiecnvrt mode {'on' if convert else 'off'}")


def is_tie(item: str) -> bool:
    return geotiff.upper(item[: len(TIE)]) == TIE


def label_text(task, items: list[str], convert: bool) -> str:
    """The items one a line; converted tiepoints become one tiepoint with scales, or a matrix."""
    if not convert:
        return "\n".join(items)
    mapping, scaled = fit(task, [item for item in items if is_tie(item)][:3])
    text, first = "", True
    for n, item in enumerate(items):
        if is_tie(item):
            if not first:
                continue
            first = False
            if scaled:
                item += "\nModelPixelScaleTag=" + geotiff.scale_text(mapping[0], -mapping[4])
            else:
                item = "ModelTransformationTag=" + geotiff.matrix_text(mapping)
        text += ("\n" if n else "") + item
    return text


def fit(task, ties: list[str]) -> tuple[list[float], bool]:
    """The mapping through three tiepoints, and whether scales are enough to say it."""
    points = [geotiff.numbers(tie, len(TIE) + 2, 5)[0] for tie in ties]
    points += [[0.0] * 5] * (3 - len(points))
    columns = [p[0] for p in points] + [p[1] for p in points] + [1.0] * 3
    mapping = []
    for coordinate in (3, 4):
        solution, flag = solve(columns, [p[coordinate] for p in points])
        if flag:
            task.abend("Tiepoints collinear")
        mapping += solution
    main_terms, cross_terms = abs(mapping[0]) + abs(mapping[4]), abs(mapping[1]) + abs(mapping[3])
    total = main_terms + cross_terms
    scaled = total != 0.0 and cross_terms / total < 1.0e-10
    if task.keyword("RECTFIT"):
        scaled = cross_terms < total
        for n in (1, 3) if scaled else (0, 4):
            mapping[n] = 0.0
    return mapping, scaled


