"""IBIS2RPC: columns of a table as rational polynomial coefficients in the GeoTIFF label of a 1 x 1 image.

Source: ``vos/p2/prog/ibis2rpc`` (C).
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers
from vicar import geotiff
from vicar.numerics.cformat import sprintf

ROWS, SCALES, LONGEST = 80, 15, 49


def main(task):
    task.if_message("IBIS2RPC version 2019-07-31")
    with task.open_table() as table:
        if table.nr != ROWS:
            task.abend("column length must be 80 for rpc ibis file")
        scales = numbers(table, task.integer("SCOL"))[:SCALES]
        coefficients = numbers(table, task.integer("CCOL"))
    with task.create("OUT", nl=1, ns=1, type="IMAGE") as image:
        for key in ("NR", "NC"):
            image.label.delete(key, property="IBIS")
        for info in geotiff.property_items(image.label, "IBIS"):
            image.label.delete(info.key, property="IBIS")
        image.write(np.zeros(1, image.dtype))
    geotiff.replace_label(task, "OUT", 1, label_text(scales.tolist(), coefficients.tolist()))


def label_text(scales: list[float], coefficients: list[float]) -> str:
    items = ["NITF_CETAG=RPC00A" if scales[0] < 0.5 else "NITF_CETAG=RPC00B"]
    for number, value in enumerate(scales[2:], 1):
        items.append(sprintf("RPC_FIELD%d=%1.0f" if number == 1 else "RPC_FIELD%d=%7.6f", number, value))
    for place, value in enumerate(coefficients):
        group, number = 14 + place // 20, place % 20 + 1
        form = "RPC_FIELD%d%d=+%16.14f" if value >= 0 else "RPC_FIELD%d%d=%17.14f"
        items.append(sprintf(form, group, number, value))
    return "\n".join(item[:LONGEST] for item in items)
