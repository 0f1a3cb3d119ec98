"""GT2TCL: value of a GeoTIFF tag to a variable. Source: ``vos/p2/prog/gt2tcl`` (C)."""

from programs.carto._to_variable import return_item
from vicar.geotiff import PROPERTY


def main(task):
    task.if_message("gt2tcl version 2015-11-01")
    return_item(task, PROPERTY)
