"""LEVINIT: prepares a cube for level processing: target, geometry and instrument groups, nominal reseau marks.

The manual names the groups ISIS_TARGET, ISIS_GEOMETRY, ISIS_INSTRUMENT and the parameters; the keywords inside the groups and
the form of the definition files do not survive. Here TARGDEF and INSTPARS may be files of ``KEYWORD = value`` lines, KERNLST a
file of kernel names, a line each; names that are no files are kept as names.

known: no kernels are chosen; no camera pointing (`vicar.isis2.spice`).
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from programs.isis2._program import Isis, isis_program
from programs.isis2._voyager import sun_vector_length
from programs.isis2.findrx import USUAL_TYPE, serial, usual_places
from vicar.isis2.errors import IsisError
from vicar.isis2.label import Label, text_value
from vicar.isis2.spice import geometry
from vicar.isis2.values import Text

BANNER = False


@isis_program("2026-11-21", "Initialize the labels for level processing")
def main(isis: Isis) -> None:
    """Run LEVINIT."""
    cube = isis.open("FROM")
    label = cube.label.copy()
    target = text_value(label.get("TARGET_NAME", "QUBE"))
    fill(isis, label, "ISIS_TARGET", {"TARGET_NAME": target or None, "TARGET_DEFINITION": isis.text("TARGDEF") or None},
         "TARGDEF")
    fill(isis, label, "ISIS_GEOMETRY", {
        "LONGITUDE_SYSTEM": int(isis.number("LONSYS") or 360),
        "POSITIVE_LONGITUDE_DIRECTION": Text(isis.text("POSLON") or "WEST", ""),
        "LATITUDE_SYSTEM": Text(isis.text("LATSYS") or "OCENTRIC", ""), "KERNEL_LIST": isis.text("KERNLST") or None,
    }, "")  # fmt: skip
    fill(isis, label, "ISIS_INSTRUMENT", {
        "SPACECRAFT_NAME": text_value(label.get("SPACECRAFT_NAME", "QUBE")) or None,
        "INSTRUMENT_ID": text_value(label.get("INSTRUMENT_ID", "QUBE")) or None,
        "INSTRUMENT_PARAMETERS": isis.text("INSTPARS") or None,
    }, "INSTPARS")  # fmt: skip
    kernels = kernel_list(isis)
    if kernels:
        time, spacecraft = (text_value(label.get(k, "QUBE")) for k in ("START_TIME", "SPACECRAFT_NAME"))
        for keyword, value in geometry(kernels, spacecraft.replace("_", " "), target, time).items():
            label.set(keyword, value, "QUBE")
        isis.line(f"  sun at {sun_vector_length(label)!r} km")
    try:
        nominal_marks(label, serial(label))
    except IsisError:
        isis.line("  no Voyager camera: no reseau marks")
    isis.update(cube, label)


def fill(isis: Isis, label: Label, group: str, values: dict[str, object], file: str) -> None:
    """A group with the values that are there, and the definitions of a file."""
    label.delete_group(f"QUBE/{group}")
    label.add_group(group, "QUBE")
    for key, value in values.items():
        if value is not None:
            label.set(key, value, f"QUBE/{group}")
    name = isis.text(file) if file else ""
    path = isis.task.directory / name
    if name and path.is_file():
        for key, value in Label(path.read_text("latin-1")).items().items():
            label.set(key, value, f"QUBE/{group}")


def kernel_list(isis: Isis) -> list[Path]:
    """The kernels KERNLST lists; names are relative to the list, ``$NAME`` stands for an environment variable."""
    path = isis.task.directory / isis.text("KERNLST")
    if not isis.text("KERNLST") or not path.is_file():
        return []
    names = [line.strip() for line in path.read_text("latin-1").splitlines()]
    kernels = [path.parent / Template(name).safe_substitute(isis.task.environment)
               for name in names if name and not name.startswith("#")]
    for kernel in kernels:
        if not kernel.is_file():
            raise IsisError("NODATA", f"The kernel {kernel} of {path.name} does not exist; NAIF's archive has those of Voyager")
    return kernels


def nominal_marks(label: Label, camera: int) -> None:
    """The usual places of the camera's marks, not yet valid."""
    if label.get("RESEAU_LINE", "QUBE") is not None:
        return
    lines, samples = usual_places(camera)
    label.set("RESEAU_LINE", tuple(lines), "QUBE")
    label.set("RESEAU_SAMPLE", tuple(samples), "QUBE")
    label.set("RESEAU_TYPE", (USUAL_TYPE,) * len(lines), "QUBE")
    label.set("RESEAU_VALID", (0.0,) * len(lines), "QUBE")
