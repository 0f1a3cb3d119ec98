"""What the JunoCam programs share: one clear message for bad input, names of outputs, pictures in and out."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import PurePath

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.metadata import PROPERTY, Metadata, from_label


def program(main: Callable) -> Callable:
    """A main whose `JunocamError` ends the program with that one sentence."""

    @functools.wraps(main)
    def guarded(task):
        try:
            return main(task)
        except JunocamError as error:
            task.abend(f"*** {task.name.upper()}: {error}")

    return guarded


def output_names(task, made: list[str]) -> list[str]:
    """Names of the outputs: OUT if it has one for each, else ``made`` names, in the folder OUT names with ``/`` at its end."""
    given = task.strings("OUT")
    if len(given) == 1 and given[0].endswith("/"):
        names = [given[0] + PurePath(name).name for name in made]
    elif given and len(given) != len(made):
        raise JunocamError(f"OUT has {len(given)} names for {len(made)} pictures; give one each, or a folder ending in /")
    else:
        names = given or made
    if len(set(names)) != len(names):
        raise JunocamError("two outputs would have the same name")
    return names


def renamed(name: str, extension: str) -> str:
    """A file name with another extension."""
    stem, dot, last = name.rpartition(".")
    return (stem if dot and "/" not in last else name) + extension


def input_names(task, extension: str) -> list[str]:
    """Names in INP; one that ends in ``/`` means all files of that folder with the extension."""
    names = task.strings("INP")
    if len(names) != 1 or not names[0].endswith("/"):
        return names
    folder = task.path(names[0])
    found = sorted(p.name for p in folder.glob(f"*{extension}") if p.is_file()) if folder.is_dir() else []
    if not found:
        raise JunocamError(f"{names[0]} holds no files that end in {extension}")
    return [names[0] + name for name in found]


def read_picture(task, name: str) -> tuple[object, Metadata, np.ndarray]:
    """An image JNCIMPORT or JNCCAL made: image (primary input from now on), metadata, pixels."""
    image = task.open("INP", file=name)
    meta = from_label(image.label)
    if (image.nl, image.ns) != (meta.lines, 1648 // meta.summing):
        raise JunocamError(f"{image.name}: {image.nl} by {image.ns} is not the size of the raw picture in its label")
    task.primary(image)
    return image, meta, image.read_window()


def units(image) -> str:
    """Unit of a calibrated picture: DN depend on the exposure."""
    return str(image.label.get("UNITS", property=PROPERTY)) if image.label.has("UNITS", property=PROPERTY) else "DN"


def strip_picture(task, parameter: str) -> np.ndarray | None:
    """A flat or dark picture: VICAR image or TIFF; None if not asked for."""
    name = task.string(parameter)
    if not name:
        return None
    path = task.path(name)
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise JunocamError(f"{name}: {error.strerror or error}") from None
    if start[:2] not in (b"II", b"MM"):
        with task.open(parameter, 1) as image:
            return image.read_window().astype(np.float32)
    try:
        from PIL import Image as Pillow

        with Pillow.open(path) as picture:
            return np.array(picture, dtype=np.float32)
    except ImportError:
        raise JunocamError("reading TIFF needs Pillow: pip install 'vicar-tae[picture]'") from None
    except Exception:
        raise JunocamError(f"{name} is a damaged TIFF") from None
