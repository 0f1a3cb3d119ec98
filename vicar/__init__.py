"""VICAR labels, images, tables and numerics. Importing this costs nothing: numpy comes with the first use."""

_PLACES = {
    "open": "vicar.api",
    "write": "vicar.api",
    "read_label": "vicar.image.labelarea",
    "open_image": "vicar.image",
    "create_image": "vicar.image",
    "Image": "vicar.image",
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
