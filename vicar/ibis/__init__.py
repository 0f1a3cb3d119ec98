"""IBIS: tables in VICAR files. ``open_table``, ``create_table``, `Table`; numpy is imported when one of them is used."""

_PLACES = {"open_table": "opening", "create_table": "opening", "Table": "table", "IbisError": "errors"}
__all__ = list(_PLACES)


def __getattr__(name):
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
