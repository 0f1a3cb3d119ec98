"""ISIS 2 qubes read from files.

A file is records of 512 bytes: label, HISTORY, other objects, QUBE. Pointers (``^QUBE = 86``) count records from 1; with
``<BYTES>`` they count bytes from 1. Lines, samples and bands count from 1. All five real cubes that were at hand read as
other software and their own labels say; in two of them (cut out by other software) ``^QUBE`` points a few bytes before the
end of the label, and is believed, as GDAL believes it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vicar.image.store import ABSURD, Store
from vicar.isis2.errors import IsisError
from vicar.isis2.label import Label
from vicar.isis2.layout import AXES, Layout, Number, number
from vicar.isis2.special import NAMES, Special, from_label, masks, usual
from vicar.isis2.values import Measure

RECORD = 512
SFDU = "CCSD3ZF0000100000001NJPL3IF0PDS200000001"
_FIRST_LOOK = 1 << 16


@dataclass(frozen=True)
class Pixels:
    """Part of a qube as stored, with what is needed to understand it."""

    stored: np.ndarray
    number: Number
    special: Special
    base: float = 0.0
    multiplier: float = 1.0

    @property
    def bits(self) -> np.ndarray:
        return self.number.bits(self.stored)

    @property
    def native(self) -> np.ndarray:
        """Stored numbers in this machine's form, special pixels among them."""
        return self.number.native(self.stored)

    def masks(self) -> dict[str, np.ndarray]:
        """Where each special pixel is: null, lrs, lis, his, hrs."""
        return masks(self.bits, self.special)

    def valid(self) -> np.ndarray:
        """Where there is a measurement: no special value, and not under the smallest valid one."""
        bits = self.bits
        good = np.ones(bits.shape, bool)
        for value in {getattr(self.special, name) for name in NAMES}:
            good &= bits != value
        if self.number.real:
            least = np.array([self.special.valid], "u4")
            least = self.number.native(least) if self.number.vax else least.view("f4")
            return good & (self.native >= least[0])  # not so for what is no number
        return good & (bits >= self.special.valid)

    def true(self) -> np.ndarray:
        """base + multiplier * stored, float64; NaN where there is no measurement."""
        result = self.native.astype(np.float64)
        if (self.base, self.multiplier) != (0.0, 1.0):
            result = self.base + self.multiplier * result
        result[~self.valid()] = np.nan
        return result


class Cube:
    """A qube opened for reading; use as a context manager.

    ``label``, ``history`` (its text), ``samples``, ``lines``, ``bands``, ``number`` (format of the core), ``special``, ``base``,
    ``multiplier``, ``layout``. Raises `IsisError` for files that are none, OSError where the file system does.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path)
        self._store = Store(self.path)
        try:
            self.label = Label(self._label_text())
            self.record_bytes = self.label.value_of(int, "RECORD_BYTES", default=RECORD)
            if self.record_bytes < 1:
                raise IsisError("LABEL", f"RECORD_BYTES in the label is {self.record_bytes}")
            self._describe()
        except (ValueError, TypeError, OverflowError, RecursionError, IndexError) as error:
            self._store.close()
            raise IsisError("LABEL", f"The label of {self.path.name} cannot be understood ({error})") from None
        except BaseException:
            self._store.close()
            raise

    def _label_text(self) -> str:
        text, size = "", _FIRST_LOOK
        while True:
            data = self._store.bytes_at(0, size)
            text = data.decode("latin-1")
            if not text.lstrip().startswith((SFDU[:4], "RECORD", "FILE", "PDS", "/*", "CCSD", "NJPL")):
                raise IsisError("NOTCUBE", f"{self.path.name} is not an ISIS cube")
            label = Label(text)
            if label.statements[-1].kind == "end":
                return label.text
            if len(data) < size:
                raise IsisError("NOTCUBE", f"The label of {self.path.name} has no END")
            size *= 4

    def _describe(self) -> None:
        label = self.label
        if not label.has("QUBE"):
            raise IsisError("NOTCUBE", f"{self.path.name} has no QUBE")
        names = label.values_of(str, "AXIS_NAME", "QUBE")
        core = label.values_of(int, "CORE_ITEMS", "QUBE")
        suffixes = label.values_of(int, "SUFFIX_ITEMS", "QUBE", (0,) * len(core))
        names = tuple(n.upper() for n in names)
        known = sorted(names) in (sorted(AXES[: len(names)]), sorted(AXES))
        if not known or not len(names) >= len(core) == len(suffixes):
            raise IsisError("AXES", f"{self.path.name} has axes {names}, not samples, lines and bands")
        names += AXES[len(names) :]
        fill = 3 - len(core)
        size = label.value_of(int, "CORE_ITEM_BYTES", "QUBE")
        self.number = number(label.value_of(str, "CORE_ITEM_TYPE", "QUBE"), size)
        self.layout = Layout(names, core + (1,) * fill, size, suffixes + (0,) * fill,
                             label.value_of(int, "SUFFIX_BYTES", "QUBE", 4))
        if min(self.layout.core) < 1 or min(self.layout.suffixes) < 0 or self.layout.suffix_item < 1:
            raise IsisError("AXES", f"{self.path.name} has an axis without items")
        self.bands, self.lines, self.samples = (self.layout.core[axis] for axis in self.layout.order())
        common = usual(self.number.dtype.kind if not self.number.vax else "f", size, self.number.vax)
        self.special = from_label(label, "CORE", "QUBE", common)
        self.base = label.value_of(float, "CORE_BASE", "QUBE", 0.0)
        self.multiplier = label.value_of(float, "CORE_MULTIPLIER", "QUBE", 1.0)
        start = self.pointer("QUBE")
        if start is None:
            raise IsisError("NOTCUBE", f"The label of {self.path.name} does not point to its QUBE")
        self.offset = start
        if start + self.layout.size > 2 * self._store.size + ABSURD:
            raise IsisError("SIZE", f"The qube of {self.path.name} should have {self.layout.size} bytes, the file has "
                            f"{self._store.size}")

    def pointer(self, name: str) -> int | None:
        """Byte offset an object starts at, or None if the label has no pointer to it."""
        value = self.label.get(f"^{name}")
        if isinstance(value, tuple):  # ("FILE", 3): detached
            raise IsisError("DETACHED", f"The {name} of {self.path.name} is in another file")
        if value is None:
            return None
        if not isinstance(value, int | float) or not 1 <= value < 1 << 62:
            raise IsisError("LABEL", f"^{name} in the label of {self.path.name} is no number of a record or byte")
        if isinstance(value, Measure) and value.unit.upper() == "BYTES":
            return int(value) - 1
        return (int(value) - 1) * self.record_bytes

    def area(self, name: str) -> tuple[int, int]:
        """Start and end (exclusive) of an object's area: up to the next object, or the end of the file."""
        start = self.pointer(name)
        if start is None:
            return 0, 0
        return start, min((p for p in self.pointers() if p > start), default=self._store.size)

    def pointers(self) -> list[int]:
        """Byte offsets of all objects."""
        items = [s for s in self.label.statements if s.kind == "item" and s.keyword[0] == "^" and not s.path]
        return [p for p in (self.pointer(s.keyword[1:]) for s in items) if p is not None]

    @property
    def history(self) -> str:
        """Text of the HISTORY object up to its END, "" if there is none."""
        start, end = self.area("HISTORY")
        text = self._store.bytes_at(start, min(end, start + (1 << 24)) - start).decode("latin-1") if end > start else ""
        if not text.lstrip().startswith(("GROUP", "END", "OBJECT", "/*")):
            return ""
        return text.rstrip(" ")

    # -- pixels -------------------------------------------------------------------------------------------------------

    def read(self, band: int = 1, line: int = 1, nlines: int | None = None, sample: int = 1,
             nsamples: int | None = None) -> Pixels:
        """Core items, lines x samples; what lies behind the end of a short file is zero."""
        nlines = self.lines - line + 1 if nlines is None else nlines
        nsamples = self.samples - sample + 1 if nsamples is None else nsamples
        if not (0 < band <= self.bands and 0 < line and 0 < sample and 0 <= nlines <= self.lines - line + 1
                and 0 <= nsamples <= self.samples - sample + 1):
            raise IsisError("SUBCUBE", f"{self.path.name} has no such part: it is {self.samples}:{self.lines}:{self.bands}")
        steps = [self.layout.strides[axis] for axis in self.layout.order()]
        at = self.offset + (band - 1) * steps[0] + (line - 1) * steps[1] + (sample - 1) * steps[2]
        view = self._store.strided(at, (nlines, nsamples), tuple(steps[1:]), self.number.dtype)
        return Pixels(view, self.number, self.special, self.base, self.multiplier)

    def read_all(self) -> Pixels:
        """All core items, bands x lines x samples."""
        steps = tuple(self.layout.strides[axis] for axis in self.layout.order())
        shape = (self.bands, self.lines, self.samples)
        view = self._store.strided(self.offset, shape, steps, self.number.dtype)
        return Pixels(view, self.number, self.special, self.base, self.multiplier)

    def suffix_names(self, axis: str) -> tuple[str, ...]:
        """Names of the suffix planes of an axis."""
        count = self.layout.suffixes[self.layout.names.index(axis.upper())]
        names = self.label.values_of(str, f"{axis}_SUFFIX_NAME", "QUBE", "") if count else ()
        names = names if any(names) else ()
        return names[:count] + tuple(f"{axis}_{i}" for i in range(len(names) + 1, count + 1))

    def suffix(self, axis: str, which: int | str = 1) -> Pixels:
        """A suffix plane (number from 1, or name), over the other two axes in the order band, line, sample."""
        axis = axis.upper()
        place, names = self.layout.names.index(axis), self.suffix_names(axis)
        index = which - 1 if isinstance(which, int) else next(
            (i for i, n in enumerate(names) if n.upper() == which.upper()), -1)
        if not 0 <= index < self.layout.suffixes[place]:
            raise IsisError("SUFFIX", f"{self.path.name} has no {axis} suffix {which}")

        def of(kind: type, keyword: str, default):
            values = self.label.values_of(kind, f"{axis}_SUFFIX_{keyword}", "QUBE", default)
            return values[min(index, len(values) - 1)]

        size = of(int, "ITEM_BYTES", self.layout.suffix_item)
        # VICAR's VISISX writes one SUFFIX_ITEM_TYPE for all axes
        form = number(of(str, "ITEM_TYPE", self.label.get("SUFFIX_ITEM_TYPE", "QUBE", "SUN_REAL")), size)
        common = usual("f" if form.vax else form.dtype.kind, size, form.vax)
        special = from_label(self.label, f"{axis}_SUFFIX", "QUBE", common, index)
        offset, strides = self.layout.suffix(place, index)
        rest = [a for a in self.layout.order() if a != place]
        view = self._store.strided(self.offset + offset, tuple(self.layout.core[a] for a in rest),
                                   tuple(strides[a] for a in rest), form.dtype)
        return Pixels(view, form, special, of(float, "BASE", 0.0), of(float, "MULTIPLIER", 1.0))

    def bytes_at(self, offset: int, length: int) -> bytes:
        return self._store.bytes_at(offset, length)

    @property
    def file_size(self) -> int:
        return self._store.size

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Cube:
        return self

    def __exit__(self, *_) -> None:
        self.close()


def file_path(folder: Path, name: str, extension: str = ".cub") -> Path:
    """The file a FROM or TO means: names without an extension get ``.cub``."""
    path = folder / Path(name.strip()).expanduser()
    return path if path.suffix or path.name.startswith(".") else path.with_name(path.name + extension)
