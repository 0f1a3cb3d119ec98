"""Images: ``open_image``, ``create_image``, ``inherit``, ``Image``. numpy is imported when one of them is used."""

from vicar.label.system import HistoryStamp

_PLACES = {
    "open_image": "opening",
    "create_image": "opening",
    "inherit": "opening",
    "Image": "image",
}
__all__ = ["HistoryStamp", *_PLACES]


def __getattr__(name):
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
