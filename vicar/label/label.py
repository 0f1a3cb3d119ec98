"""The label of an open file: one string, looked at and edited as the original's label routines do.

Sources: ``c_xlget``, ``c_xladd``, ``c_xldel``, ``c_xlinfo``, ``c_xlninfo``, ``c_xlhinfo``, ``c_xlpinfo``, ``find_task``,
``find_property``, ``find_system``, ``delete_label_item``, ``add_complex_label_item``.

The text itself is the truth: an item nobody edits keeps its bytes, and an edit leaves the blanks, and moves the items,
that the original's edit leaves and moves.

accepted: the position that ``next_item`` starts from is an offset; the original keeps a pointer that an edit elsewhere
may leave dangling.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from vicar.errors import VicarError
from vicar.label import syntax
from vicar.label.sets import LabelSet
from vicar.label.syntax import MAX_KEY, Item

TASK_KEY, PROPERTY_KEY, SYSTEM_KEY = "TASK", "PROPERTY", "LBLSIZE"
_ITEM_START, _ITEM_END = itemgetter(2), itemgetter(4)
_HEADS = (TASK_KEY, PROPERTY_KEY)
TASK_NAME = 8  # only so much of a task name counts


class ItemInfo(NamedTuple):
    """What XLINFO and XLNINFO say of an item."""

    key: str
    format: str
    maxlength: int  # 4 for INT and REAL, the longest element for STRING
    nelement: int
    strlen: int  # longest element as text


class Label:
    """Label text with the original's access rules.

    ``task=""`` means the last task, ``task="NAME"`` the ``instance``-th task of that name, ``property="NAME"`` a property
    set; neither means the system label (``label["NL"]`` for short). ``system``, ``task_set``, ``property_set`` and ``history``
    give the sets as dictionaries. Errors are ``VicarError`` with the original's routine names.
    """

    def __init__(self, text: str = "", name: str = "", writable: bool = True,
                 on_system: Callable[[str, int], None] | None = None, memory: str = "",
                 items: list[Item] | None = None):
        self.name = name
        self.writable = writable
        self.modified = False
        self._on_system = on_system
        self._text = text
        self.memory = memory  # what the original's buffer holds behind the text: it decides where a full label is cut
        self._items = items  # of the text, when somebody has scanned it already
        self._heads: list[Item] | None = None
        self._named: list[tuple[str, Item]] | None = None
        self._keys: list[str] | None = None
        self._properties: dict[tuple[str, int], tuple[int, int]] = {}  # bounds of those asked for
        self._position: int | None = None

    # ---------------------------------------------------------------- text and items
    @property
    def text(self) -> str:
        """The whole label, an EOL part appended without its own size field."""
        return self._text

    def replace_text(self, text: str) -> None:
        """Put another text in place of the whole label."""
        self.memory = f"{self._text}\0{self.memory}"[len(text) + 1 :]
        self._text = text
        self._items = self._heads = self._named = self._keys = None
        self._properties.clear()
        self.modified = True

    @property
    def all_items(self) -> list[Item]:
        """Every item in order, with its raw text and place."""
        if self._items is None:
            self._items = syntax.scan(self._text)
        return self._items

    @property
    def _set_heads(self) -> list[Item]:
        """The PROPERTY and TASK items, which begin the sets."""
        if self._heads is None:
            self._heads = [i for i in self.all_items if i[0] in _HEADS]
        return self._heads

    @property
    def _tasks(self) -> list[tuple[str, Item]]:
        """The TASK items with the names that tell them apart."""
        if self._named is None:
            self._named = [(syntax.dequoted(i.value)[:TASK_NAME], i) for i in self._set_heads if i.key == TASK_KEY]
        return self._named

    def _from(self, position: int) -> int:
        """Number of the first item that starts at a place or behind it."""
        return bisect_left(self.all_items, position, key=_ITEM_START)

    def _splice(self, start: int, stop: int, new: str) -> None:
        items, heads, keys = self._items, self._heads, self._keys
        self.replace_text(self._text[:start] + new + self._text[stop:])
        if items is None:
            return
        kept = bisect_left(items, start, key=_ITEM_END)
        self._items = syntax.rescan(self._text, items, start, stop, len(new) - (stop - start))
        if heads is not None:
            behind = [i for i in islice(self._items, kept, None) if i[0] in _HEADS]
            self._heads = heads[: bisect_left(heads, start, key=_ITEM_END)] + behind
        if keys is not None:
            self._keys = keys[:kept] + [i[0] for i in islice(self._items, kept, None)]

    def _first(self, key: str, position: int = 0) -> Item | None:
        return next((i for i in islice(self.all_items, self._from(position), None) if i.key == key), None)

    # ---------------------------------------------------------------- the three kinds of set
    def _bounds(self, routine: str, task, property, instance) -> tuple[int, int]:
        if instance < 0:
            raise self._error("BADLINST", routine)
        if property is not None:
            return self._property_bounds(routine, str(property).upper()[:MAX_KEY], instance)
        if task is not None:
            return self._task_bounds(routine, str(task).upper(), instance)
        return self._system_bounds(routine)

    def _system_bounds(self, routine: str) -> tuple[int, int]:
        first = self._first(SYSTEM_KEY)
        if first is None:
            raise self._error("NOLBL", routine)
        return first.start, self._set_end(0)

    def _set_end(self, position: int) -> int:
        """Where a set that is not a task ends: at the next property, or without one at the next task."""
        behind = [i for i in self._set_heads if i.start >= position]
        end = next((i for i in behind if i.key == PROPERTY_KEY), behind[0] if behind else None)
        return end.start if end else len(self._text)

    def _task_bounds(self, routine: str, name: str, instance: int) -> tuple[int, int]:
        tasks = self._tasks
        if not name:
            # the last task's set starts behind its TASK item: the name itself cannot be reached this way
            if not tasks:
                raise self._error("NOTASK", routine)
            return tasks[-1][1].end, len(self._text)
        seen = 0
        for n, (other, item) in enumerate(tasks):
            if other == name[:TASK_NAME]:
                seen += 1
                if seen == instance:
                    return item.start, tasks[n + 1][1].start if n + 1 < len(tasks) else len(self._text)
        raise self._error("NOSCHTSK", routine)

    def _property_bounds(self, routine: str, name: str, instance: int) -> tuple[int, int]:
        if not name:
            raise self._error("PROPREQ", routine)
        known = self._properties.get((name, instance))
        if known is not None:
            return known
        seen = 0
        for item in self._set_heads:
            if item.key == PROPERTY_KEY and syntax.dequoted(item.value) == name:
                seen += 1
                if seen == instance:
                    self._properties[name, instance] = known = item.start, self._set_end(item.end)
                    return known
        raise self._error("NOSCHPROP", routine)

    def _find(self, key: str, start: int, stop: int) -> Item | None:
        items = self.all_items
        number, behind = self._from(start), bisect_right(items, stop, key=_ITEM_END)
        if not key:  # whatever comes first
            return items[number] if number < behind else None
        if self._keys is None:
            self._keys = [i[0] for i in items]
        try:
            return items[self._keys.index(key, number, behind)]
        except ValueError:
            return None

    def _require(self, routine: str, key: str, task, property, instance) -> Item:
        item = self._find(_key(key), *self._bounds(routine, task, property, instance))
        if item is None:
            raise self._error("FNDKEY", routine)
        return item

    # ---------------------------------------------------------------- reading
    def get(self, key: str, task=None, property=None, instance: int = 1, element: int = 1, format: str | None = None,
            default=KeyError):
        """One value (XLGET): the first element, or element ``element``.

        ``format`` is INT, REAL, DOUB or STRING; without it the original's guess is used. ``default``, when given, is
        returned instead of an error for a missing key, set or element. A REAL comes as a Python float holding a float32.
        """
        try:
            values = self.values(key, task, property, instance, format)
            if 1 <= element <= len(values):
                return values[element - 1]
            raise self._error("FNDKEY", "XLGET")
        except VicarError:
            if default is KeyError:
                raise
            return default

    def values(self, key: str, task=None, property=None, instance: int = 1, format: str | None = None) -> list:
        """All values of an item (XLGET with NELEMENT=-1)."""
        item = self._require("XLGET", key, task, property, instance)
        form = _form(format, self, "XLGET") if format else None
        self._position = item.end
        return syntax.values_from_text(syntax.elements(item.value), form) if form else syntax.guessed_values(item.value)

    def has(self, key: str, task=None, property=None, instance: int = 1) -> bool:
        """Whether the item (and its set) exists."""
        try:
            self._require("XLGET", key, task, property, instance)
        except VicarError:
            return False
        return True

    def items(self, task=None, property=None, instance: int = 1) -> Iterator[tuple[str, object]]:
        """``(key, value)`` of every item of a set in order; lists for multi-valued items, formats guessed."""
        start, stop = self._bounds("XLGET", task, property, instance)
        items = self.all_items
        for item in items[self._from(start) :]:
            if item.end > stop:
                return
            values = syntax.guessed_values(item.value)
            yield item.key, values[0] if len(values) == 1 else values

    def info(self, key: str, task=None, property=None, instance: int = 1) -> ItemInfo:
        """Guessed format, longest element, number of elements (XLINFO)."""
        item = self._require("XLINFO", key, task, property, instance)
        self._position = item.end
        return _info(item)

    def next_item(self) -> ItemInfo:
        """The item after the one last touched (XLNINFO), across sets; EOLAB at the end."""
        items, number = self.all_items, self._from(self._position or 0)
        if number == len(items):
            raise self._error("EOLAB", "XLNINFO")
        item = items[number]
        self._position = item.end
        return _info(item)

    def rewind(self) -> None:
        """Let ``next_item`` start at the beginning again."""
        self._position = None

    def tasks(self, length: int = TASK_NAME) -> list[tuple[str, int]]:
        """Task names, cut at ``length`` characters, with the instance of each (XLHINFO; ULEN is one more than ``length``)."""
        return _instances(syntax.dequoted(i.value)[:length] for i in self._set_heads if i.key == TASK_KEY)

    def properties(self) -> list[tuple[str, int]]:
        """Property names with the instance of each (XLPINFO)."""
        return _instances(syntax.dequoted(i.value) for i in self._set_heads if i.key == PROPERTY_KEY)

    # ---------------------------------------------------------------- as dictionaries
    @property
    def system(self) -> LabelSet:
        """The system items."""
        return LabelSet(self)

    def task_set(self, name: str = "", instance: int = 1) -> LabelSet:
        """The history items of a task, of the last one by default; NOTASK or NOSCHTSK if there is none."""
        self._task_bounds("XLGET", name.upper(), instance)
        return LabelSet(self, "task", name.upper(), instance)

    def property_set(self, name: str, instance: int = 1) -> LabelSet:
        """The items of a property; one that is not there is empty and comes into being with its first item."""
        return LabelSet(self, "property", name.upper(), instance)

    @property
    def history(self) -> list[LabelSet]:
        """The history sets, oldest first."""
        return [LabelSet(self, "task", name, instance) for name, instance in self.tasks()]

    def __getitem__(self, key: str):
        return self.system[key]

    def __setitem__(self, key: str, value) -> None:
        self.system[key] = value

    def __contains__(self, key: object) -> bool:
        return key in self.system

    def __iter__(self) -> Iterator[str]:
        return iter(self.system)

    # ---------------------------------------------------------------- editing
    def add(self, key: str, value, task=None, property=None, instance: int = 1, element: int = 0,
            nelement: int | None = None, format: str | None = None, mode: str = "ADD") -> None:
        """Add, insert or replace values (XLADD).

        ``value`` is a value or a sequence; ``format`` follows its type when not given (int INT, float REAL, str STRING).
        ``element`` counts from 1; 0 and -1 mean behind the last. MODE=REPLACE without an element replaces nothing and
        appends, as the original does; REPLACE from element 1 of all values moves the item to the end of its set.
        """
        routine, key, mode = "XLADD", _key(key), mode.upper()
        values = list(value) if isinstance(value, (list, tuple)) or _is_array(value) else [value]
        form = _form(format, self, routine) if format else _form_of(values)
        if mode not in ("ADD", "INSERT", "REPLACE"):
            raise self._error("BADMODESTR", routine)
        if nelement == -1 or element < -1:
            raise self._error("BADELEM", routine)
        if not self.writable:
            raise self._error("MODINPLBL", routine)
        # REPLACE deletes as many values as NELEMENT says, all of them when it was not given
        doomed = -1 if nelement is None and len(values) == 1 else nelement or len(values)
        values = values[:nelement]
        first = element - 1 if element > 0 else -1

        if instance < 0:
            raise self._error("BADLINST", routine)
        if property is not None:
            instance = self._require_property(routine, str(property).upper()[:MAX_KEY], instance)
        start, stop = self._bounds(routine, task, property, instance)
        item = self._find(key, start, stop)
        if item is not None:
            if mode == "ADD":
                raise self._error("DUPKEY", routine)
            if mode == "REPLACE":
                self._delete_values(routine, item, first, doomed, form)
                start, stop = self._bounds(routine, task, property, instance)
                item = self._find(key, start, stop)
        if item is None:
            self._splice(stop, stop, syntax.item_text(key, values, form) + "  ")
        else:
            self._insert_values(item, values, first, form)
        item = self._find(key, *self._bounds(routine, task, property, instance))
        if item is None:
            raise self._error("NOKEY", routine)  # the text around the new item hides it
        self._position = item.end
        if task is None and property is None and key in ("NL", "NB", "NLB") and self._on_system:
            self._on_system(key, int(values[0]))

    def delete(self, key: str, task=None, property=None, instance: int = 1, element: int = 0,
               nelement: int | None = None) -> int:
        """Delete an item, or ``nelement`` values from ``element`` on (XLDEL); gives the number deleted."""
        routine = "XLDEL"
        if not self.writable:
            raise self._error("MODINPLBL", routine)
        item = self._require(routine, key, task, property, instance)
        first = 0 if element == 0 else (-1 if element == -1 else element - 1)
        deleted, position = self._delete_values(routine, item, first, nelement or -1, None)
        self._position = position
        self.modified = True
        return deleted

    def add_task(self, name: str, user: str, date: str) -> None:
        """Append the history set of a new task (what every output gets, and UPDATE with UPD_HIST)."""
        self._splice(len(self._text), len(self._text), history_text(name, user, date))

    def _require_property(self, routine: str, name: str, instance: int) -> int:
        """Make sure the property set is there; a new one goes in front of the history."""
        try:
            self._property_bounds(routine, name, instance)
            return instance
        except VicarError as error:
            if error.key != "NOSCHPROP":
                raise
        known = sum(i.key == PROPERTY_KEY and syntax.dequoted(i.value) == name for i in self._set_heads)
        history = self._first(TASK_KEY)
        place = history.start if history else len(self._text)
        self._splice(place, place, syntax.item_text(PROPERTY_KEY, [name], "STRING") + "  ")
        return known + 1

    def _delete_values(self, routine: str, item: Item, first: int, count: int, form: str | None) -> tuple[int, int]:
        """Take values out of an item; gives how many went and where the item now ends."""
        texts = syntax.elements(item.value)
        form = form or _guess(texts)
        if count == -1:
            count = len(texts)
        if first == -1 or first >= len(texts):
            return 0, item.end
        if len(texts) == 1 or (count >= len(texts) and first == 0):
            self._splice(item.start, item.end, "")
            return len(texts), item.start
        count = min(count, len(texts) - first)
        if count <= 0:
            return count, item.end
        values = syntax.values_from_text(texts, form)
        new = syntax.item_text(item.key, values[:first] + values[first + count :], form)
        if len(new) > item.end - item.start:
            # quotes are doubled once more by every rewriting; the original gives up (status 0) when that needs more room
            raise VicarError("", routine, self.name, errno_text="Success")
        self._splice(item.start, item.end, new)
        return count, item.start + len(new)

    def _insert_values(self, item: Item, values: list, first: int, form: str) -> None:
        texts = syntax.elements(item.value)
        room = max(max((len(syntax.dequoted(t)) for t in texts), default=0),
                   max((len(str(v)) for v in values), default=0)) + 1
        old = syntax.values_from_text(texts, form, room)
        at = len(old) if first == -1 or first > len(old) else first
        self._splice(item.start, item.end, syntax.item_text(item.key, old[:at] + values + old[at:], form))

    def _error(self, key: str, routine: str) -> VicarError:
        return VicarError(key, routine, self.name)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<Label of {self.name or 'nothing'}: {len(self.all_items)} items, {len(self.tasks())} tasks>"


def history_text(name: str, user: str, date: str) -> str:
    """A history set as the original writes it; values are not quote-doubled."""
    return f"TASK='{name.upper()[:TASK_NAME]}'  USER='{user}'  DAT_TIM='{date}'  "


def _key(key: str) -> str:
    return key.upper()[:MAX_KEY]


def _guess(texts: list[str]) -> str:
    return syntax.guess_format(texts[0]) if texts else ""


def _info(item: Item) -> ItemInfo:
    texts = syntax.elements(item.value)
    form = _guess(texts)
    longest = max((len(syntax.dequoted(t)) for t in texts), default=0)
    return ItemInfo(item.key, form, 4 if form in ("INT", "REAL") else longest, len(texts), longest)


def _instances(names) -> list[tuple[str, int]]:
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append((name, seen[name]))
    return found


def _form(format: str, label: Label, routine: str) -> str:
    form = format.upper()
    if form not in ("INT", "REAL", "DOUB", "STRING"):
        raise VicarError("ILLFOREQ", routine, label.name)
    return form


def _form_of(values: list) -> str:
    if all(isinstance(v, str) for v in values):
        return "STRING"
    return "INT" if all(hasattr(v, "__index__") for v in values) else "REAL"


def _is_array(value) -> bool:
    return getattr(value, "ndim", 0) > 0
