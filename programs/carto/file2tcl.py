"""FILE2TCL: what a file is, into variables. Source: ``vos/p2/prog/file2tcl`` (C).

Sizes are whole numbers of 32 bits. The host is cut at ten characters, as the run-time library gives it.
"""

from __future__ import annotations

import os
from pathlib import Path

from vicar.errors import VicarError
from vicar.numerics.rounding import wrap_int32
from vicar.tiff.file import TiffError, TiffReader

NO_FILE, VICAR, TIFF = 0, 1, 2
UNKNOWN, EMPTY, PROTECTED, NO_ACCESS = -1, -2, -3, -4
UNSPECIFIED, GEO_TIFF, PLAIN_TIFF, GEO_VICAR, PLAIN_VICAR = 0, 2, 3, 4, 5
TIFF_STARTS = (b"II*\0", b"MM\0*")
MAP_TAGS = (34735, 33922, 33550, 34264)  # key directory, tiepoints, pixel scale, matrix
LABEL_START = b"LBLSIZE="
HOST = 10


def main(task):
    task.if_message("file2tcl version 2016-09-12")
    path = task.directory / task.string("INP")
    try:
        size = os.stat(path).st_size
    except FileNotFoundError:
        tell(task, 0, NO_FILE, UNSPECIFIED, 0)
        return
    except OSError:
        tell(task, 1, NO_ACCESS, UNSPECIFIED, 0)
        return
    if not size:
        tell(task, 1, EMPTY, UNSPECIFIED, 0)
        return
    start = beginning(path)
    if start is None:
        tell(task, 1, PROTECTED, UNSPECIFIED, 0)
    elif start[:4] in TIFF_STARTS and (kind := tiff_kind(path)) is not None:
        tell(task, 1, TIFF, kind, size)
    elif start == LABEL_START:
        tell(task, 1, VICAR, image_kind(task), size)
    else:
        tell(task, 1, UNKNOWN, UNSPECIFIED, size)


def tell(task, there: int, kind: int, part: int, size: int) -> None:
    for name, value in (("VAL", there), ("FSIZE", wrap_int32(size)), ("FTYPE", kind), ("FSUBTYPE", part)):
        task.output(name, value)


def beginning(path: Path) -> bytes | None:
    """First bytes of a file, none of a folder; None if it may not be read."""
    if path.is_dir():
        return b""
    try:
        with path.open("rb") as file:
            return file.read(len(LABEL_START))
    except OSError:
        return None


def tiff_kind(path: Path) -> int | None:
    """With or without a map; None if it is no TIFF file behind its first bytes."""
    try:
        fields = TiffReader(path).fields
    except (TiffError, OSError):
        return None
    return GEO_TIFF if any(tag in fields for tag in MAP_TAGS) else PLAIN_TIFF


def image_kind(task) -> int:
    """Puts what the label says into variables; with or without a map."""
    with task.open("INP") as image:
        for name, value in (("NL", image.nl), ("NS", image.ns), ("NB", image.nb), ("FORMAT", image.format),
                            ("HOST", host_of(image)), ("ORG", image.org), ("TYPE", image.type)):  # fmt: skip
            task.output(name, value)
        mapped = any(name == "GEOTIFF" for name, _ in image.label.properties())
    return GEO_VICAR if mapped else PLAIN_VICAR


def host_of(image) -> str:
    try:
        return str(image.label.get("HOST", format="STRING"))[:HOST]
    except VicarError:
        return ""
