"""The geometry of a flight image as programs ask for it: label, parameters, kernels. Source: ``vos/p2/sub/getspice2`` (Fortran).

The wishes are the parameters TARGET, CKNAME, INSTITUTE, PURPOSE, PROGRAM, SPKID, REQNUM, CDATE, USERID and GROUPID. (CKID and
SPICEMODE have no effect: the original forgets the first, and the server that the second could choose is gone.)
What is wrong with the kernels is told on the terminal; the log has the original's lines.
"""

from __future__ import annotations

from vicar.missions.flightgeometry import Geometry, Toolkit, geometry
from vicar.missions.flightimage import FlightImage, LabelFault, checked, constants_of, project_of
from vicar.missions.kernelfiles import KernelError
from vicar.missions.provenance import wish
from vicar.numerics.prnt import prnt

CAMERAS = {"VGR-1": (6, 7), "VGR-2": (4, 5), "GLL": (1, 2), "CASSI": (1, 21, 41, 2, 22, 42)}
KERNEL_SOURCES = {"M901": "AMOS", "M902": "NEAR", "M903": "NAV2", "M904": "FARE", "M905": "NAV", "M906": "DAVI"}


def tools_of(task) -> Toolkit:
    return Toolkit(task.environment, task.directory)


def project(task, image) -> tuple[str, int, bool]:
    """Mission, camera and whether the label is complete; ends the program for a label it does not know."""
    try:
        return project_of(image.label, task.message)
    except LabelFault as fault:
        task.abend(*fault.texts)


def constants(task, image, name: str) -> tuple[FlightImage, int]:
    """Constants of a label and their indicator."""
    try:
        return constants_of(image.label, name, task.message)
    except LabelFault as fault:
        task.abend(*fault.texts)


def geometry_of(task, tools: Toolkit, image: FlightImage) -> Geometry | None:
    """Geometry of an image, or None after the original's line (GETSPICE4)."""
    try:
        image = checked(image, task.message)
    except LabelFault as fault:
        task.abend(*fault.texts)
    target = task.string("TARGET").upper() if task.count("TARGET") == 1 else image.target
    if image.camera not in CAMERAS[image.project]:
        task.message("***Invalid camera serial number")
        return None
    image = FlightImage(image.project, image.camera, image.event, image.received, target[:12].rstrip())
    try:
        if not tools.knows(image.target):
            task.message("ZPBID::Unknown Target")
        return geometry(tools, image, (task.string("CKNAME") or "").upper().rstrip(), wish(task))
    except KernelError as fault:
        task.printf(f"{task.name.upper()}: {fault}\n")
    task.messages(*prnt("FULL", 0, "***SPICE error=."))
    return None


def source_of(geometry: Geometry) -> str:
    """Name of the pointing's source, as all but Galileo's tables have it."""
    return KERNEL_SOURCES.get(geometry.kernel, "NAIF")
