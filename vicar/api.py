"""VICAR files from Python in one line: ``vicar.open(path)``, ``vicar.write(path, array)``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from vicar.errors import VicarError
from vicar.image.formats import FORMATS
from vicar.image.image import Image
from vicar.image.opening import create_image, open_image
from vicar.label.system import HistoryStamp

# other dtypes go into the smallest format that holds all of their values
_WIDER = {"b1": "BYTE", "i1": "HALF", "u2": "FULL", "f2": "REAL", "c16": "COMP"}


def open(path: str | os.PathLike, **options: Any) -> Image:
    """Open a VICAR file for reading; pixels are read when they are asked for.

    ``image.read_all()`` gives bands x lines x samples, ``image.read_window`` part of a band, ``image.label`` the label:
    ``image.label["NL"]``, ``image.label.task_set("GEN", 2)["IVAL"]``, ``image.label.property_set("MAP")``,
    ``image.label.history``. Use it in a ``with`` block. Options are those of ``vicar.image.open_image``
    (``u_format="REAL"``, ``labels=False, u_ns=1024`` ...); ``vicar.read_label`` gives the label alone.

    Raises ``VicarError`` for what is no VICAR file. A file that is too short gives zeros for what is missing in ``read_all``
    and in ``read_window(pad=True)``; reads of lines end with EOF where the original's do (``image.short`` tells).
    """
    return open_image(path, **options)


def write(path: str | os.PathLike, array: np.ndarray, *, format: str | None = None, like: Image | None = None,
          task: HistoryStamp | None = None, items: Mapping[str, Any] | None = None, **options: Any) -> None:
    """Write an array (lines x samples or bands x lines x samples) as a VICAR image.

    Parameters
    ----------
    format : BYTE, HALF, FULL, REAL, DOUB or COMP; by default what fits the dtype. Values are cast as the original casts.
    like : an open image whose label (properties and history) the new one continues.
    task : name, user and date of the new history set.
    items : label items to add to that set.
    options : further options of ``vicar.image.create_image`` (``org="BIL"``, ``compress="BASIC"`` ...).

    Raises ``VicarError``; nothing appears under ``path`` then.
    """
    array = np.asarray(array)
    if array.ndim == 2:
        array = array[np.newaxis]
    if array.ndim != 3 or 0 in array.shape:
        raise VicarError("BADDIM", "XVOPEN", str(path), detail=f"an image has 2 or 3 dimensions, not shape {array.shape}")
    natural = _format_of(array, str(path))
    nb, nl, ns = array.shape
    with create_image(path, nl=nl, ns=ns, nb=nb, format=format or natural, u_format=natural, primary=like, task=task,
                      type=options.pop("type", None) or (None if like else "IMAGE"),
                      org=options.pop("org", None), **options) as image:
        try:
            for band in range(nb):
                image.write_window(array[band], band=band + 1)
            for key, value in (items or {}).items():
                image.label.add(key, value, task="")
        except VicarError:
            image.discard()  # a program that gives up leaves what it has written; this is none
            raise


def _format_of(array: np.ndarray, path: str) -> str:
    known = FORMATS.get(array.dtype.newbyteorder("=")) or _WIDER.get(array.dtype.kind + str(array.dtype.itemsize))
    if known:
        return known
    if array.dtype.kind in "iu" and array.min() >= -(2**31) and array.max() < 2**31:
        return "FULL"
    raise VicarError("BADFOR", "XVOPEN", path, detail=f"no VICAR format holds these {array.dtype} values")
