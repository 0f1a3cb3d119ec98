"""VICAR labels, images, tables and numerics. Importing this costs nothing: numpy comes with the first image or table."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vicar.api import open, write  # noqa: F401
    from vicar.errors import VicarError  # noqa: F401
    from vicar.ibis.opening import create_table, open_table  # noqa: F401
    from vicar.ibis.table import Table  # noqa: F401
    from vicar.image.image import Image  # noqa: F401
    from vicar.image.labelarea import read_label  # noqa: F401
    from vicar.image.opening import create_image, open_image  # noqa: F401
    from vicar.label import HistoryStamp, Label  # noqa: F401

_PLACES = {
    "open": "vicar.api",
    "write": "vicar.api",
    "read_label": "vicar.image.labelarea",
    "open_image": "vicar.image",
    "create_image": "vicar.image",
    "Image": "vicar.image",
    "open_table": "vicar.ibis",
    "create_table": "vicar.ibis",
    "Table": "vicar.ibis",
    "Label": "vicar.label",
    "HistoryStamp": "vicar.label",
    "VicarError": "vicar.errors",
}
__all__ = list(_PLACES)


def __getattr__(name):
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_PLACES])
