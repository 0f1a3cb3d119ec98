"""Pixel formats: names, sizes, dtypes. Source: ``determine_translation.c``."""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.image.header import modern

DTYPES: dict[str, np.dtype] = {
    "BYTE": np.dtype(np.uint8),
    "HALF": np.dtype(np.int16),
    "FULL": np.dtype(np.int32),
    "REAL": np.dtype(np.float32),
    "DOUB": np.dtype(np.float64),
    "COMP": np.dtype(np.complex64),
}
FORMATS: dict[np.dtype, str] = {dtype: name for name, dtype in DTYPES.items()}


def dtype_of(name: str, routine: str = "XVOPEN", file: str = "") -> np.dtype:
    """Native dtype of a format name; BADFOR otherwise."""
    known = modern(name)
    if known is None:
        raise VicarError("BADFOR", routine, file)
    return DTYPES[known]
