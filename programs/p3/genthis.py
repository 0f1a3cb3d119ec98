"""GENTHIS of p3: a small image with the given DNs. Source: ``vos/p3/prog/genthis`` (Fortran).

accepted: NL and NS as large as the DNs say; the original keeps 300 of them.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import truncate

FORTRAN = True
FORMATS = {"HALF": np.int16, "FULL": np.int32, "REAL": np.float32, "REAL4": np.float32, "REAL8": np.float64}
NAMES = {np.int16: "HALF", np.int32: "FULL", np.float32: "REAL", np.float64: "DOUB", np.uint8: "BYTE"}


def main(task):
    task.message(" GENTHIS Version 1.1")
    nl, ns = task.integer("NL"), task.integer("NS")
    kind = FORMATS.get(task.string("FORMAT").upper(), np.uint8)
    with task.create("OUT", nl=nl, ns=ns, format=NAMES[kind], u_format=NAMES[kind]) as image:
        dn = task.reals("DN")
        if len(dn) != nl * ns:
            task.abend(" **PARAMETER ERR...DN COUNT DOES NOT MATCH SIZE", " **GENTHIS TASK CANCELLED")
        dn = dn.astype(kind) if np.dtype(kind).kind == "f" else truncate(dn).astype(kind)
        image.write_window(dn.reshape(nl, ns))
    task.message(" GENTHIS TASK COMPLETED")
