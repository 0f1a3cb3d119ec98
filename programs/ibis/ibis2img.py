"""IBIS2IMG: a table of REAL and DOUB columns as an image of double precision, a line for each row.

Source: ``vos/p2/prog/ibis2img`` (C).
"""

from __future__ import annotations

import numpy as np


def main(task):
    task.message("ibis2img - version 2015-11-01")
    with task.open_table() as table:
        task.printf(f"copying from ibis nr {table.nr} nc {table.nc}")
        for form in table.formats:
            if form[0] not in "RD":
                task.printf(f"column format {form[0]} not supported")
                task.quit()
        task.primary(None)
        with task.create("OUT", nl=table.nr, ns=table.nc, format="DOUB", u_format="DOUB") as image:
            columns = [table.read(column, "DOUB") for column in range(1, table.nc + 1)]
            image.write_window(np.column_stack(columns))
