"""The parameters a program receives.

Source: the TAE parameter block as ``vos/rtl`` reads it (``get_parm_c``, ``xvparm``, ``xvp``, ``xvptst``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

INTEGER, REAL, STRING = "INTEGER", "REAL", "STRING"


@dataclass(frozen=True)
class Parameter:
    """One bound parameter.

    ``values`` holds ``int``, ``float`` (double, as the block stores reals) or ``str``; an empty tuple is the null value.
    """

    name: str
    type: str
    values: tuple
    defaulted: bool = False
    keyword: bool = False

    @property
    def count(self) -> int:
        return len(self.values)


class Parameters(Mapping[str, Parameter]):
    """All parameters of one program run, found by name whatever its case."""

    def __init__(self, parameters: Iterable[Parameter] = ()):
        self._by_name = {p.name.upper(): p for p in parameters}

    def __getitem__(self, name: str) -> Parameter:
        return self._by_name[name.upper()]

    def __iter__(self):
        return iter(self._by_name)

    def __len__(self):
        return len(self._by_name)

    def get(self, name: str, default=None):
        return self._by_name.get(name.upper(), default)

    def values_of(self, name: str, type_: str | None = None) -> tuple:
        """Values of a parameter; ``()`` when it is null, undeclared, or of another type."""
        parameter = self.get(name)
        if parameter is None or (type_ is not None and parameter.type != type_):
            return ()
        return parameter.values

    def first_integer(self, name: str, index: int = 0) -> int | None:
        """One integer value, or None if there is no such parameter, type or value (``get_one_int_parm``)."""
        values = self.values_of(name, INTEGER)
        return values[index] if index < len(values) else None

    def keyword(self, word: str) -> bool:
        """XVPTST: whether any KEYWORD parameter has that value, given or defaulted."""
        word = word.strip().upper()
        return any(
            p.keyword and any(v.strip().upper() == word for v in p.values) for p in self._by_name.values()
        )

    def with_values(self, name: str, values: tuple) -> Parameters:
        """The same parameters with one replaced (a parameter file filling in a defaulted one)."""
        old = self[name]
        new = Parameter(old.name, old.type, values, False, old.keyword)
        return Parameters(new if p is old else p for p in self._by_name.values())
