"""GETLL: line and sample of a place on a target, or the place of a line and sample. Source: ``vos/p2/prog/getll`` (C).

The image is taken for one in object space, whatever it is. For a place on the far side the original prints memory it never set;
here the numbers are 0.

Compared with the original over made-up kernels. Without kernels it gives up at once; where DEFAULTSPICE is REMOTESPICE, as the
release has it, the original never ends: it asks for the address of its server for ever, because the loop over servers goes on
with the same one when there is no such address (msclt_connectToSvr). Here files of this machine are used.
"""

from __future__ import annotations

import numpy as np

from programs.voyager._spiceimage import constants, geometry_of, project, tools_of
from vicar.errors import VicarError
from vicar.missions.cameras import camera_constants
from vicar.missions.flightgeometry import Geometry
from vicar.missions.perspective import Perspective, pixel_of, place_of
from vicar.numerics.cformat import sprintf

f32 = np.float32
UNKNOWN_SOURCE = "????"
KNOWN = ("GLL", "VGR-1", "VGR-2")
GIVEN_UP = "GETLL: Unable to determine MAP buffer for ZCONVEV, cannot continue!"


def main(task):
    task.message("GETLL version 2019-07-23")
    view = view_of(task)
    first, second = task.reals("COORDIN")
    if task.keyword("TOLS"):
        found = pixel_of(view, first, f32(360) - second)
        if found is None:
            task.message(" This LAT,LON coordinate is on other side of the planet")
        result, names = found or (f32(0), f32(0)), ("{LAT,LON}", "{LINE,SAMP}")
    else:
        latitude, longitude, hit = place_of(view, first, second)
        if not hit:
            task.message(" This LINE,SAMP is off the planet")
        result, names = (latitude, longitude), ("{LINE,SAMP}", "{LAT,LON}")
    numbers = [float(value) for value in (first, second, *result)]
    text = sprintf(f"(%f, %f) {names[0]} = (%f, %f) {names[1]}\n", *numbers)
    task.messages("", text)
    task.output("COORDOUT", *numbers[2:])


def view_of(task) -> Perspective:
    """Camera and target of the image."""
    try:
        source = task.open("INP")
    except VicarError as fault:
        task.error(fault)
        task.abend(GIVEN_UP)
    with source:
        name, _, _ = project(task, source)
        image, _ = constants(task, source, name)
        geometry = geometry_of(task, tools_of(task), image)
        if geometry is None:
            task.abend("GETLL:ZGETSPICE2 failed.", GIVEN_UP)
        _, camera, complete = project(task, source)
    if not complete:
        task.abend("GETLL:ZGETPROJ failed.", GIVEN_UP)
    if name not in KNOWN:
        task.abend(f"GETLL: Input file is of invalid project type {name}.", GIVEN_UP)
    report_source(task, name, geometry)
    long, _, polar = (f32(radius) for radius in geometry.radii)
    return Perspective(camera_constants(name, camera), geometry.om, geometry.rs, long, long - polar, polar)


def report_source(task, name: str, geometry: Geometry) -> None:
    """A line where the pointing is of another kind than was asked for. Voyager's is never compared."""
    wanted = task.string("CKNAME").upper()
    used = source_in_table(task, geometry.kernel) if name == "GLL" else wanted
    if wanted != used:
        task.message(f"CKName {wanted} not available, {used} used.")


def source_in_table(task, kernel: str) -> str:
    """Source of a kernel by the table that the environment variable KERNELDB names."""
    table = task.environment.get("KERNELDB")
    if table is None:
        task.message("GetKernelDbFname::SPICEKER Not Defined")
        return UNKNOWN_SOURCE
    try:
        lines = (task.directory / table).read_text("latin-1").splitlines()
    except OSError:
        return UNKNOWN_SOURCE
    for words in map(str.split, lines):
        if len(words) < 3 or not words[1].lstrip("+-").isdigit():
            break
        if words[0].startswith(kernel[:4]):
            return words[2]
    return UNKNOWN_SOURCE
