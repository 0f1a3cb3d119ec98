"""VGRLOOK (our own): what kind of Voyager frame a file is, and whether everything a calibration needs is there.

The facts are those of VGRCDCOPY (``.IMQ`` files are records with a length of two bytes before each, the first ones hold a PDS
label) and VGRFILLIN (two header lines and 224 bytes of prefix).
"""

from __future__ import annotations

from vicar.missions.imq import BadPicture, decode

SIZE, PREFIX = 800, 224


def main(task) -> None:
    """Run VGRLOOK."""
    names = [task.string("INP"), *task.strings("NEED")]
    missing = [name for name in names if not task.path(name).is_file()]
    if missing:
        task.abend(*(f"*** There is no file {name}" for name in missing))
    try:
        with task.path(names[0]).open("rb") as file:
            kind = kind_of(file.read(4096))
    except OSError as error:
        task.abend(f"*** Cannot read {names[0]}: {error.strerror}")
    if kind == "IMQ":
        try:
            decode(task.path(names[0]).read_bytes())
        except BadPicture as fault:
            task.abend(f"*** {names[0]} cannot be decompressed: {fault}")
    if not kind:
        with task.open("INP") as image:
            if image.format.strip() != "BYTE" or (image.nl, image.ns) != (SIZE, SIZE):
                task.abend(f"*** {names[0]} has {image.nl} by {image.ns} {image.format.strip()} pixels; "
                           f"a raw frame has {SIZE} by {SIZE} BYTE")
            kind = "RECORDS" if image.nbb == PREFIX else "FRAME"
    task.output("KIND", kind)


def kind_of(start: bytes) -> str:
    """IMQ or PDS by the first bytes of a file, empty for anything else."""
    if start.startswith(b"LBLSIZE="):
        return ""
    if start[2:6] in (b"CCSD", b"PDS_") or (start[2:].lstrip().startswith(b"NJPL") and b"PDS" in start):
        return "IMQ"
    label = start.lstrip()
    return "PDS" if label.startswith((b"PDS_VERSION_ID", b"CCSD3ZF", b"NJPL1I00PDS")) else ""
