"""PLAB2TCL: value of any property item to a variable. Source: ``vos/p2/prog/plab2tcl`` (C)."""

from programs.carto._to_variable import return_item


def main(task):
    task.if_message("plab2tcl version Wed Jan  2 2008")
    return_item(task, task.string("PROPERTY", ""))
