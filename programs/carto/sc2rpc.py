"""SC2RPC: places on the ground that a spacecraft's camera sees, for RPC fits, as columns of a table.

Source: ``vos/p2/prog/sc2rpc`` (C). The first file is not used, nor are the coefficients of lens distortion. The cells
are written as they lie in memory, so the columns should be DOUB. What the original prints of its matrices is left out.

accepted: rows for which there is no place are zero; the original writes what its memory holds.
"""

from __future__ import annotations

import numpy as np

from programs.carto import _spacecraft as spacecraft
from programs.ibis._columns import put_bytes

OFF_EARTH = -9999.0


def main(task):
    task.if_message("sc2rpc version 2017-06-20")
    leaps = spacecraft.leap_seconds(task)
    tt, ut1 = spacecraft.image_time(task, leaps), task.double("ACS_TIME") + task.double("DELTA_UT1")
    craft, camera = spacecraft.rotation_of(task.doubles("TOD_Q_SV")), spacecraft.rotation_of(task.doubles("SV_Q_C"))
    turn = spacecraft.by_vector(spacecraft.quaternion_of(spacecraft.product(craft, camera)))
    place = spacecraft.product(craft, task.doubles("SV_T_C")) + task.doubles("TOD_T_SV")
    earth = spacecraft.earth_rotation(tt, ut1)
    sample, line, latitude, longitude, height = spacecraft.ground_points(
        *spacecraft.ranges(task, "URANGE", "VRANGE", "HRANGE")[0],
        spacecraft.product(earth, turn), spacecraft.product(earth, place),
        (task.double("FU"), task.double("FV")), task.double("Q"), (task.double("U0"), task.double("V0")),
    )  # fmt: skip
    with task.open_table(instance=2, mode="UPDATE") as table:
        columns = np.zeros((5, max(table.nr, len(sample), 1)))
        columns[:, : len(sample)] = longitude, latitude, height, line, sample
        if len(sample) < table.nr:
            columns[0, 0] = OFF_EARTH
        for column, values in zip(task.integers("COLS"), columns, strict=True):
            put_bytes(table, column, values[: table.nr])
