"""GTLIST: a GeoTIFF label and the mapping it means, in words. Source: ``vos/p2/prog/gtlist`` (C)."""

from __future__ import annotations

import math

import numpy as np

from vicar import geotiff
from vicar.numerics.cformat import sprintf

HEADING = "VICAR-line    -samp GeoTIFF-samp    -line            East           North"
PICTURES = ("369\n258\n147", "123\n456\n789", "741\n852\n963", "987\n654\n321",
            "963\n852\n741", "789\n456\n123", "147\n258\n369", "321\n654\n987")  # fmt: skip


def main(task):
    task.if_message("gtlist version 2016-01-13")
    label = geotiff.read_label(task)
    if not label.text:
        task.abend("Failed to read GeoTIFF label")
    text, nl, ns = label.upper, label.nl, label.ns
    alone = nl == 1 and ns == 1
    if alone:
        nl, ns = task.integer("LISTNL"), task.integer("LISTNS")
    mapping = geotiff.read_mapping(text, nl, ns)
    if mapping is None:
        for line in ("No mapping in GeoTIFF label", "The GeoTIFF label is:", label.text):
            task.if_message(line)
        return
    turn = geotiff.rotation(task, text)
    offset = geotiff.pixel_offset(text)
    task.if_message("VICAR GeoTIFF LABEL LIST")
    if alone:
        task.if_message("The file is a standalone VICAR GeoTIFF label")
        task.if_message(f"A hypothetical {nl} x {ns} VICAR image will")
        task.if_message("be used to illustrate the mapping of corner points.")
    task.if_message("The VICAR GeoTIFF label is:")
    task.if_message(label.text)
    kind = "an 'area'" if offset < 0.75 else "a 'point' or 'post'"
    task.if_message(f"The image raster is {kind} type")
    task.if_message("The centers of the corner pixels are:")
    list_corners(task, mapping.forward, offset, (1.0, nl - 1.0 + 1.0), (1.0, ns - 1.0 + 1.0))
    task.if_message("The outer corners of the corner pixels are:")
    list_corners(task, mapping.forward, offset, (0.5, nl + 0.5), (0.5, ns + 0.5))
    list_scale(task, mapping.forward, turn, nl, ns)


def list_corners(task, t, offset: float, lines, samples) -> None:
    task.if_message(HEADING)
    for line in lines:
        for sample in samples:
            east, north = t[0] * line + t[1] * sample + t[2], t[3] * line + t[4] * sample + t[5]
            task.if_message(sprintf("%10.1f%9.1f%13.1f%9.1f %15.*f %15.*f", line, sample, sample - offset, line - offset,
                                    decimals(east, 12), east, decimals(north, 12), north))  # fmt: skip


def decimals(value: float, digits: int) -> int:
    """Decimals that fill ``digits`` places."""
    return max(digits - int(math.log10(abs(value) + 0.9)), 1) if math.isfinite(value) else 1


def list_scale(task, t, turn: int, nl: int, ns: int) -> None:
    task.if_message("The rotation of the image relative to an E-N geographic frame is:")
    task.if_message(f"rotation {turn}\n{PICTURES[turn]}" if turn >= 0 else "NOT ALIGNED WITH EAST-NORTH COORDINATE SYSTEM")
    task.if_message("The scale units of the image are (ignoring sign):")
    width = 0.0
    if turn < 0:
        task.if_message("SEE TRANSFORMATION MATRIX")
    elif turn % 2 == 0:
        places = decimals(t[4], 13)
        task.if_message(sprintf("1 sample = %15.*f map units north", places, abs(t[4])))
        task.if_message(sprintf("1 line   = %15.*f map units east", places, abs(t[0])))
        width = float(nl) * t[0]
    else:
        places = decimals(t[1], 13)
        task.if_message(sprintf("1 sample = %15.*f map units east", places, abs(t[1])))
        task.if_message(sprintf("1 line   = %15.*f map units north", places, abs(t[3])))
        width = float(ns) * t[1]
    unit, inches = task.double("MAPUNITM"), task.double("MAPINCH")
    fraction = abs(np.float64(width * unit * 39.0) / np.float64(inches))
    task.if_message(sprintf("The scale fraction is 1 /%9.1f", fraction))
    task.if_message(sprintf("(assuming mapunit = %f meters and the map is %f inches)", unit, inches))
