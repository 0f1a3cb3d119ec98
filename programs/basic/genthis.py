"""GENTHIS: a small image with the given DNs. Source: ``vos/p2/prog/genthis`` (Fortran)."""

from __future__ import annotations

FORTRAN = True
FORMATS = {"REAL4": "REAL", "REAL8": "DOUB"}


def main(task):
    task.message(" GENTHIS VERSION 2")
    nl, ns = task.integer("NL"), task.integer("NS")
    form = task.string("FORMAT").upper()
    with task.create("OUT", nl=nl, ns=ns, format=FORMATS.get(form, form), u_format="REAL") as image:
        dn = task.reals("DN")
        if len(dn) != nl * ns:
            task.abend("PARAMETER ERR...DN COUNT DOES NOT MATCH SIZE", "**GENTHIS TASK CANCELLED")
        image.write_window(dn.reshape(nl, ns))
    task.message(" GENTHIS TASK COMPLETED")
