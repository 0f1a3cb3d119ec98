"""RPC2IBIS: rational polynomial coefficients of a GeoTIFF label as columns of a table. Source: ``vos/p2/prog/rpc2ibis`` (C).

The table has to have 80 rows; the cells are written as they lie in memory, so the columns should be DOUB.

accepted: a label without NITF_CETAG gives zeros for the two numbers that depend on it (the original: what its memory
holds); one that lacks a coefficient is reported (the original dies).
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import put_bytes
from vicar import geotiff

ROWS, REVISION = 80, 1041.0


def main(task):
    task.if_message("RPC2IBIS version 2019-08-06")
    columns = task.integers("COLS")
    if len(columns) != 2:
        task.abend("Requires two columns")
    text = geotiff.upper(geotiff.read_label(task).text)
    scales = [0.0, 0.0, *(field(task, text, f"RPC_FIELD{n}=") for n in range(1, 14))]
    coefficients = [field(task, text, f"RPC_FIELD{group}{n}=") for group in range(14, 18) for n in range(1, 21)]
    at = geotiff.find(text, "NITF_CETAG=")
    if at is None:
        task.if_message("processing RPC00A by default")
    else:
        for value, kind in enumerate(("RPC00A", "RPC00B")):
            if text.startswith(kind, at):
                scales[:2] = [float(value), REVISION]
                task.if_message(f"processing {kind}")
    with task.open_table(instance=2, mode="UPDATE") as table:
        if table.nr != ROWS:
            task.abend("Requires 80 record file")
        for column, values in zip(columns, (coefficients, scales), strict=True):
            put_bytes(table, column, np.array(values))


def field(task, text: str, key: str) -> float:
    at = geotiff.find(text, key)
    if at is None:
        task.abend(f"The label has no {key[:-1]}.")
    return geotiff.number(text, at)[0]
