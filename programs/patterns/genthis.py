"""GENTHIS: an image of the values given. Source: ``vos/p2/prog/genthis`` (Fortran).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

FORMATS = {"REAL4": "REAL", "REAL8": "DOUB"}


def main(task):
    task.message(" GENTHIS VERSION 2")
    given = task.string("FORMAT")
    nl, ns = task.integer("NL"), task.integer("NS")
    result = task.create("OUT", nl=nl, ns=ns, format=FORMATS.get(given, given), u_format="REAL")
    values = task.reals("DN")
    if len(values) != nl * ns:
        task.message("PARAMETER ERR...DN COUNT DOES NOT MATCH SIZE")
        task.abend("**GENTHIS TASK CANCELLED")
    with result:
        result.write_window(values.reshape(nl, ns))
    task.message(" GENTHIS TASK COMPLETED")
