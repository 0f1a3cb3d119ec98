"""Sets of label items as dictionaries: ``label.system``, ``label.task_set("GEN")``, ``label.property_set("MAP")`` and so on."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from vicar.errors import VicarError

if TYPE_CHECKING:
    from vicar.label.label import Label

_HEADS = ("TASK", "PROPERTY")


class LabelSet(MutableMapping[str, Any]):
    """The items of one set of a label in order, seen and edited through a dictionary.

    Keys are upper case (lower case finds them too). Values are ``int``, ``float`` (holding a float32), ``str``, or lists of one
    of these, in the format the original guesses from the text; ``label.get`` takes a format. What is set goes behind the last
    item of the set (an item of that name is taken away first) in the format of its type: ``int`` as INT, ``float`` as REAL,
    ``str`` as STRING; ``label.add`` has DOUB, elements and modes. All other items keep their bytes.

    Raises ``KeyError`` for an item that is not there, ``VicarError`` MODINPLBL when the file is open for reading.
    """

    def __init__(self, label: Label, kind: str = "system", name: str = "", instance: int = 1):
        self.label = label
        self.kind = kind
        self.name = name
        self.instance = instance
        self._where: dict[str, Any] = {} if kind == "system" else {kind: name, "instance": instance}

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        values = self.label.values(key, **self._where)
        return values[0] if len(values) == 1 else values

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            self.label.delete(key, **self._where)
        self.label.add(key, value, **self._where)

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self.label.delete(key, **self._where)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key != "" and self.label.has(key, **self._where)

    def __iter__(self) -> Iterator[str]:
        try:
            keys = dict.fromkeys(key for key, _ in self.label.items(**self._where))
        except VicarError:  # a property set that nobody has made yet
            return iter(())
        return (key for key in keys if self.kind == "system" or key not in _HEADS)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        named = f" {self.name}" + (f" ({self.instance})" if self.instance > 1 else "") if self.name else ""
        return f"<{self.kind}{named}: {dict(self)}>"
