"""VICAR images in xarray (extra ``xarray``): ``xarray.open_dataset("a.img", engine="vicar")``.

The dataset has one variable, ``image``, with dimensions band, line, sample (counted from 1 in their coordinates). Pixels are read
when they are asked for, and only those: a window of a very large file costs only the window. The label's items are attributes:
system items by name, properties as ``PROPERTY:key``, history as ``TASK[n]:key``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import numpy as np
from xarray import Dataset, Variable
from xarray.backends import BackendArray, BackendEntrypoint
from xarray.core import indexing

from vicar.image import open_image

SIGNATURES = (b"LBLSIZE=", b"PDS_VERSION_ID", b"ODL_VERSION_ID")


class _Pixels(BackendArray):
    """Pixels of a file, (bands, lines, samples), read by windows."""

    def __init__(self, path: str):
        self.path = path
        with open_image(path) as image:
            self.shape = (image.nb, image.nl, image.ns)
            self.dtype = image.dtype

    def __getitem__(self, key: indexing.ExplicitIndexer) -> np.ndarray:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.BASIC, self._read)

    def _read(self, key: tuple) -> np.ndarray:
        bands, lines, samples = (np.arange(n)[k] for n, k in zip(self.shape, key, strict=True))
        squeeze = tuple(axis for axis, k in enumerate(key) if isinstance(k, (int, np.integer)))
        bands, lines, samples = (np.atleast_1d(index) for index in (bands, lines, samples))
        result = np.empty((len(bands), len(lines), len(samples)), self.dtype)
        if result.size:
            first_line, first_sample = int(lines.min()), int(samples.min())
            with open_image(self.path) as image:
                for at, band in enumerate(bands):
                    window = image.read_window(first_line + 1, first_sample + 1, int(lines.max()) - first_line + 1,
                                               int(samples.max()) - first_sample + 1, band=int(band) + 1, copy=False)
                    result[at] = window[np.ix_(lines - first_line, samples - first_sample)]
        return result.squeeze(squeeze) if squeeze else result


class VicarBackend(BackendEntrypoint):
    """xarray's way to VICAR files."""

    description = "Open VICAR images"
    open_dataset_parameters = ("filename_or_obj", "drop_variables")

    def open_dataset(self, filename_or_obj: str | os.PathLike, *, drop_variables: Iterable[str] | None = None) -> Dataset:
        """A dataset with one lazily read variable ``image``; raises `vicar.VicarError` for a file that is none."""
        path = os.fspath(filename_or_obj)
        pixels = _Pixels(path)
        with open_image(path) as image:
            attributes = label_attributes(image)
        dimensions = ("band", "line", "sample")
        variable = Variable(dimensions, indexing.LazilyIndexedArray(pixels), attributes)
        coordinates = {name: np.arange(1, n + 1) for name, n in zip(dimensions, pixels.shape, strict=True)}
        variables = {} if drop_variables and "image" in drop_variables else {"image": variable}
        return Dataset(variables, coords=coordinates, attrs=attributes)

    def guess_can_open(self, filename_or_obj: Any) -> bool:
        """Whether a file begins as VICAR files do."""
        try:
            with open(filename_or_obj, "rb") as file:
                return file.read(14).startswith(SIGNATURES)
        except (OSError, TypeError):
            return False


def label_attributes(image) -> dict[str, Any]:
    """The label as flat attributes."""
    found = dict(image.label.items())
    for name, instance in image.label.properties():
        found.update(_named(f"{name}", instance, image.label.items(property=name, instance=instance), "PROPERTY"))
    for name, instance in image.label.tasks():
        found.update(_named(f"{name}", instance, image.label.items(task=name, instance=instance), "TASK"))
    return found


def _named(name: str, instance: int, items, own: str) -> dict[str, Any]:
    prefix = f"{name}[{instance}]" if own == "TASK" or instance > 1 else name
    return {f"{prefix}:{key}": value for key, value in items if key != own}
