"""GTDEL: delete GeoTIFF items by the first letters of their tags. Source: ``vos/p2/prog/gtdel`` (C)."""

from __future__ import annotations

from programs.carto._property import read_property
from vicar.errors import VicarError
from vicar.geotiff import PROPERTY


def main(task):
    task.if_message("gtdel version 2015-10-15")
    prefix = task.string("PREFIX")[:98]
    items = read_property(task, 1, PROPERTY)
    with task.open("INP", 1, "UPDATE") as image:
        for key, value in items:
            if f"{key}={value}".startswith(prefix):
                try:
                    image.label.delete(key, property=PROPERTY)
                except VicarError:
                    pass
