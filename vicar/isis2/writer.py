"""ISIS 2 qubes written: new files, and labels changed in files that exist.

Every file comes into being beside its name and is named when it is complete: a program that fails leaves nothing, an old
file stays as it was. Label and history get more room than they need, as ISIS 2 gives them, so that later programs append in
place. Text areas are filled with blanks, the end of the last record with zeros (both as in the real cubes).
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path

import numpy as np

from vicar.image.store import NewStore
from vicar.isis2 import special as specials
from vicar.isis2.cube import RECORD, SFDU, Cube, Pixels
from vicar.isis2.errors import IsisError
from vicar.isis2.history import EMPTY
from vicar.isis2.label import Label
from vicar.isis2.layout import AXES, Layout, number
from vicar.isis2.special import Special
from vicar.isis2.values import Text

LABEL_ROOM, HISTORY_ROOM = 8, 20  # records to spare
ITEM_TYPES = {1: "SUN_UNSIGNED_INTEGER", 2: "SUN_INTEGER", 4: "SUN_REAL"}
_TEMPLATE = """{sfdu} = SFDU_LABEL

/* File Structure */

RECORD_TYPE = FIXED_LENGTH
RECORD_BYTES = 512
FILE_RECORDS = 0
LABEL_RECORDS = 0
FILE_STATE = CLEAN

^HISTORY = 0
OBJECT = HISTORY
END_OBJECT = HISTORY

^QUBE = 0
OBJECT = QUBE
/* Qube structure */
  AXES = 3
  AXIS_NAME = (SAMPLE,LINE,BAND)

/* Core description */
  CORE_ITEMS = (0,0,0)
  CORE_ITEM_BYTES = 0
  CORE_ITEM_TYPE = NONE
  CORE_BASE = 0.0
  CORE_MULTIPLIER = 1.0
/* true value = base + (multiplier * stored value) */

/* Suffix description */
  SUFFIX_BYTES = 4
  SUFFIX_ITEMS = (0,0,0)
  CORE_NAME = RAW_DATA_NUMBER
  CORE_UNIT = NONE
END_OBJECT = QUBE
END
"""
_OF_THE_CORE = ("CORE_SCALING_NOTE", "CORE_MINIMUM_DN", "CORE_BELOW_THRESHOLD", "CORE_MISSING_SENSITIVITY")
_OF_SUFFIXES = ("NAME", "UNIT", "ITEM_BYTES", "ITEM_TYPE", "BASE", "MULTIPLIER", "VALID_MINIMUM", "NULL", "LOW_REPR_SAT",
                "LOW_INSTR_SAT", "HIGH_INSTR_SAT", "HIGH_REPR_SAT", "NOTE")


def new_label(like: Cube | Label | None = None) -> Label:
    """Label of a cube yet to be made: an empty one, or that of another cube without its other objects and suffixes."""
    if like is None:
        return Label(_TEMPLATE.format(sfdu=SFDU).replace("\n", "\r\n"))
    label = (like.label if isinstance(like, Cube) else like).copy()
    if label.eol == "\n":
        label = Label(label.text.replace("\n", "\r\n"))
    for s in [s for s in label.statements if s.kind == "item" and s.keyword[0] == "^" and not s.path]:
        name = s.keyword[1:].upper()
        if name not in ("HISTORY", "QUBE"):
            label.delete_group(name)
            label.statements.remove(s)
    for axis in AXES:
        for ending in _OF_SUFFIXES:
            label.delete(f"{axis}_SUFFIX_{ending}", "QUBE")
    for keyword in _OF_THE_CORE:
        label.delete(keyword, "QUBE")
    label.delete_group("QUBE/VOLATILE_INFO")
    return label


class CubeWriter:
    """A new cube. Use as a context manager: the file appears when the block ends well.

    Parameters
    ----------
    path : where
    items : samples, lines, bands
    item_type, item_bytes : e.g. "SUN_INTEGER", 2
    label : from `new_label`; its description of the core is filled in here
    history : text of the HISTORY object
    base, multiplier : of the core
    special : special pixels, by default the usual ones of the number format
    names : storage order of the axes
    suffixes : suffix planes of each storage axis; their keywords must be in the label
    overwrite : whether a file already there may be replaced
    """

    def __init__(self, path: str | os.PathLike, items: tuple[int, int, int], item_type: str, item_bytes: int,
                 label: Label | None = None, history: str = EMPTY, *, base: float = 0.0, multiplier: float = 1.0,
                 special: Special | None = None, names: tuple[str, ...] = AXES, suffixes: tuple[int, ...] = (0, 0, 0),
                 overwrite: bool = False):
        self.path = Path(path)
        if not overwrite and self.path.exists():
            raise IsisError("EXISTS", f"The output file {self.path.name} already exists "
                            "(set ISIS_FILE_OVERWRITE to TRUE to allow it to be replaced)")
        self.number = number(item_type, item_bytes)
        core = tuple(items[AXES.index(name)] for name in names)
        self.layout = Layout(tuple(names), core, item_bytes, tuple(suffixes), 4)
        self.samples, self.lines, self.bands = items
        kind = "f" if self.number.vax else self.number.dtype.kind
        self.special = special or specials.usual(kind, item_bytes, self.number.vax)
        self.base, self.multiplier = base, multiplier
        self.label = label or new_label()
        self._describe(item_type, item_bytes)
        self.history = history
        self._store: NewStore | None = None
        self._map: np.ndarray | None = None
        self.offset = 0

    def _describe(self, item_type: str, item_bytes: int) -> None:
        label, layout = self.label, self.layout
        label.set("AXES", 3, "QUBE")
        label.set("AXIS_NAME", tuple(Text(n, "") for n in layout.names), "QUBE", after="AXES")
        label.set("CORE_ITEMS", layout.core, "QUBE", after="AXIS_NAME")
        label.set("CORE_ITEM_BYTES", item_bytes, "QUBE", after="CORE_ITEMS")
        label.set("CORE_ITEM_TYPE", Text(item_type, ""), "QUBE", after="CORE_ITEM_BYTES")
        label.set("CORE_BASE", float(self.base), "QUBE", after="CORE_ITEM_TYPE")
        label.set("CORE_MULTIPLIER", float(self.multiplier), "QUBE", after="CORE_BASE")
        values = specials.keyword_values(self.special, self.number.real)
        after = "CORE_MULTIPLIER"
        for keyword, value in values.items():
            if abs(value) < 1 << 32:
                label.set(keyword, value, "QUBE", after=after)
                after = keyword
            else:
                label.delete(keyword, "QUBE")
        label.set("SUFFIX_BYTES", layout.suffix_item, "QUBE", after=after)
        label.set("SUFFIX_ITEMS", layout.suffixes, "QUBE", after="SUFFIX_BYTES")

    def _open(self) -> NewStore:
        """Write label and history; from now on they are fixed."""
        if self._store is not None:
            return self._store
        history = self.history.encode("latin-1", "replace")
        label_records, history_records = self._rooms(len(history))
        self.offset = (label_records + history_records) * RECORD
        text = self._placed(label_records, history_records)
        self._store = store = NewStore(self.path)
        store.write(0, text.ljust(label_records * RECORD))
        store.write(label_records * RECORD, history.ljust(history_records * RECORD))
        store.truncate(-(-(self.offset + self.layout.size) // RECORD) * RECORD)
        return store

    def _rooms(self, history: int) -> tuple[int, int]:
        size = len(self.label.text) + 64
        return -(-size // RECORD) + LABEL_ROOM, -(-history // RECORD) + HISTORY_ROOM

    def _placed(self, label_records: int, history_records: int) -> bytes:
        label = self.label
        label.set("RECORD_BYTES", RECORD)
        label.set("FILE_RECORDS", -(-(self.offset + self.layout.size) // RECORD))
        label.set("LABEL_RECORDS", label_records)
        label.set("FILE_STATE", Text("CLEAN", ""))
        if not label.has("HISTORY"):
            at = next(i for i, s in enumerate(label.statements) if s.keyword.upper() == "^QUBE")
            label.statements[at:at] = Label("^HISTORY = 0\r\nOBJECT = HISTORY\r\nEND_OBJECT = HISTORY\r\n\r\n").statements
        label.set("^HISTORY", label_records + 1)
        label.set("^QUBE", label_records + history_records + 1)
        text = label.text.encode("latin-1", "replace")
        if len(text) > label_records * RECORD:
            raise IsisError("LABEL", "The label has outgrown its room")
        return text

    def write(self, stored: np.ndarray, line: int = 1, band: int = 1, sample: int = 1) -> None:
        """Lines x samples (or one line) of stored numbers."""
        values = np.atleast_2d(np.asarray(stored, self.number.dtype))
        store = self._open()
        steps = [self.layout.strides[axis] for axis in self.layout.order()]
        at = self.offset + (band - 1) * steps[0] + (line - 1) * steps[1] + (sample - 1) * steps[2]
        whole = values.shape[1] == self.samples or len(values) == 1
        if whole and steps[2] == self.layout.item and (self.layout.contiguous or len(values) == 1):
            store.write(at, np.ascontiguousarray(values))
        else:
            self._view(at, values.shape, tuple(steps[1:]), self.number.dtype)[...] = values

    def write_suffix(self, axis: str, index: int, stored: np.ndarray) -> None:
        """A whole suffix plane (from 1), over the other two axes in the order band, line, sample."""
        place = self.layout.names.index(axis.upper())
        self._open()
        offset, strides = self.layout.suffix(place, index - 1)
        rest = [a for a in self.layout.order() if a != place]
        shape = tuple(self.layout.core[a] for a in rest)
        view = self._view(self.offset + offset, shape, tuple(strides[a] for a in rest), stored.dtype)
        view[...] = stored

    def _view(self, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """A writable view of the file, for layouts where items of a line are not together."""
        store = self._open()
        if self._map is None:
            size = -(-(self.offset + self.layout.size) // RECORD) * RECORD
            self._map = np.frombuffer(mmap.mmap(store.fd, size), np.uint8)
        return np.ndarray(shape, dtype, self._map.data, offset, strides)

    def close(self) -> None:
        """Name the file."""
        store = self._open()
        self._map = None
        store.commit()

    def discard(self) -> None:
        self._map = None
        if self._store is not None:
            self._store.discard()

    def __enter__(self) -> CubeWriter:
        return self

    def __exit__(self, kind, value, traceback) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()


def rewrite(cube: Cube, label: Label | None = None, history: str | None = None, path: str | os.PathLike | None = None) -> None:
    """Write the cube again (by default in its own place) with another label or history; all else stays to the byte.

    Where the texts fit the room they have, nothing moves; otherwise what lies behind moves on by whole records and the
    pointers follow. A cube written with neither is the same file, byte for byte.
    """
    unchanged = (label is None or label.text == cube.label.text) and history is None
    label = cube.label.copy() if label is None else label
    if unchanged or min(cube.pointers()) < len(cube.label.text):
        if not unchanged:  # two real files point into their own label
            raise IsisError("LABEL", f"Label and pixels of {cube.path.name} overlap, so the label cannot be changed")
        return _again(cube, path or cube.path)
    label_end = min((p for p in cube.pointers() if p >= len(cube.label.text)), default=cube.file_size)
    if label_end > cube.file_size:
        raise IsisError("LABEL", f"The label of {cube.path.name} points behind the end of the file, so it cannot be changed")
    old_history = cube.history
    start, end = cube.area("HISTORY") if old_history else (0, 0)
    text = None if history is None else history.encode("latin-1", "replace")
    if text is not None and not old_history:
        raise IsisError("HISTORY", f"{cube.path.name} has no history to append to")
    move_behind_label = _more(len(label.text), label_end, cube)
    move_behind_history = _more(len(text), end - start, cube) if text is not None else 0
    _shift(cube, label, move_behind_label, label_end, move_behind_history, end)
    data = label.text.encode("latin-1", "replace")
    store = NewStore(path or cube.path)
    try:
        tail = cube.bytes_at(len(cube.label.text), label_end - len(cube.label.text))
        head = data + (tail if len(data) == len(cube.label.text) else b"")
        store.write(0, head.ljust(label_end + move_behind_label))
        at = label_end
        if text is not None:
            _copy(cube, store, at, start, move_behind_label)
            store.write(start + move_behind_label, text.ljust(end - start + move_behind_history))
            at = end
        _copy(cube, store, at, cube.file_size, move_behind_label + move_behind_history)
        store.commit()
    except BaseException:
        store.discard()
        raise


def _again(cube: Cube, path: str | os.PathLike) -> None:
    store = NewStore(path)
    try:
        _copy(cube, store, 0, cube.file_size, 0)
        store.commit()
    except BaseException:
        store.discard()
        raise


def _more(needed: int, room: int, cube: Cube) -> int:
    return -(-max(0, needed + (64 if needed > room else 0) - room) // cube.record_bytes) * cube.record_bytes


def _shift(cube: Cube, label: Label, by: int, behind: int, more: int, behind_history: int) -> None:
    """Move the pointers of a label on."""
    if not by and not more:
        return
    from vicar.isis2.values import Measure

    for s in [s for s in label.statements if s.kind == "item" and s.keyword[0] == "^" and not s.path]:
        at, old = cube.pointer(s.keyword[1:]), s.value
        if at is None or at < behind:
            continue
        moved = at + by + (more if behind_history and at >= behind_history else 0)
        label.set(s.keyword, Measure(moved + 1, old.unit) if isinstance(old, Measure) else moved // cube.record_bytes + 1)
    for keyword, extra in (("LABEL_RECORDS", by), ("FILE_RECORDS", by + more)):
        if label.get(keyword) is not None:
            label.set(keyword, label.value_of(int, keyword) + extra // cube.record_bytes)


def _copy(cube: Cube, store: NewStore, start: int, end: int, by: int, piece: int = 1 << 24) -> None:
    while start < end:
        data = cube.bytes_at(start, min(piece, end - start))
        if not data:
            break
        store.write(start + by, data)
        start += len(data)


def saturated(values: np.ndarray, special: Special, dtype: np.dtype) -> np.ndarray:
    """Whole numbers of float64 values, halves away from zero; what does not fit becomes LRS or HRS, NaN becomes NULL.

    Where the format has no such special pixel it becomes the smallest or largest number there is, NaN the smallest.
    """
    limits = np.iinfo(dtype)
    least, most = max(special.valid, limits.min), min(special.most, limits.max)
    result = np.floor(np.abs(values) + 0.5)
    np.copysign(result, values, out=result)
    low, high, nothing = result < least, result > most, np.isnan(result)
    result[nothing] = least
    out = result.clip(least, most).astype(dtype)
    for here, flag in ((low, special.lrs), (high, special.hrs), (nothing, special.null)):
        if limits.min <= flag <= limits.max:
            out[here] = flag
    return out


def carried(source: Pixels, target: Special, result: np.ndarray) -> None:
    """Put the special pixels of an input where they are into the bits of an output (integers or bit patterns)."""
    for name, here in source.masks().items():
        if here.any():
            result[here] = getattr(target, name)
