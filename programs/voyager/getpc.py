"""GETPC: where the centre of the target is in an image, from SPICE kernels. Source: ``vos/p2/prog/getpc`` (Fortran).

The place is that in object space for all missions. Compared with the original over made-up kernels.
"""

from __future__ import annotations

import numpy as np

from programs.voyager._spiceimage import constants, geometry_of, project, source_of, tools_of
from vicar.missions.cameras import camera_constants
from vicar.missions.perspective import Perspective, pixel_of
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

FORTRAN = True
f32 = np.float32
DISTORTED = ("GLL", "CASSI")  # missions whose images are in image space


def main(task):
    task.message("GETPC Version Jan 30, 2003")
    with task.open("INP") as source:
        name, number, complete = project(task, source)
        if not complete:
            task.abend("GETPROJ failed")
        project(task, source)
        image, _ = constants(task, source, name)
        geometry = geometry_of(task, tools_of(task), image)
    if geometry is None:
        task.abend("GETSPICE2 Failed", "GETPC cannot continue")
    used = source_of(geometry)
    report_source(task, used)
    camera = camera_constants(name, number)
    long, _, polar = (f32(radius) for radius in geometry.radii)
    view = Perspective(camera, geometry.om, geometry.rs, long, long - polar, polar)
    latitude, longitude = f32(geometry.latitude), f32(np.fmod(geometry.longitude + 360.0, 360.0))
    line, sample = pixel_of(view, latitude, f32(360) - longitude) or (f32(0), f32(0))
    scale = f32(geometry.distance / float(camera.focal * camera.scale))
    space = "IMAGE" if name in DISTORTED else "OBJECT"
    place = edit("(a4, ' PC = ', f9.2, '  ', f9.2)", used.ljust(4), line, sample)
    task.messages("", f"{space} SPACE PLANET CENTER (LINE, SAMP)", place)
    outputs = {"PCL": line, "PCS": sample}
    if name in DISTORTED:
        task.messages(*prnt("REAL", latitude, " SCLAT =."), *prnt("REAL", longitude, " SCLON =."),
                      *prnt("REAL", scale, " SCALE (KM/PX) =."))
        outputs.update(SCLAT=latitude, SCLON=longitude, SCALE=scale)
    for key, value in outputs.items():
        task.output(key, value)


def report_source(task, used: str) -> None:
    """Lines where the pointing is of another kind than was asked for. A name of less than four characters ends in a zero byte,
    so it is no kind, and the line ends there."""
    wanted = task.string("CKNAME").upper() or "NAIF"
    if wanted != used or len(wanted) < 4:
        task.messages(f"Source {wanted}" + (" not available" if len(wanted) > 3 else ""), f"Retrieving from {used}")
