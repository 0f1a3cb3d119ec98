"""LABEL: list and change the labels of files.

Source: ``vos/p2/prog/label`` (C). One function a subcommand; the rules of the items themselves are those of the run-time
library (`vicar.label`).

accepted: in three error messages of ITEMS (an empty value, a string that does not end) the original passes its arguments
to printf in the wrong order and crashes; here the message comes out as it was meant, then the abend line. A number that
has no digits (``E=Earth`` starts like one) leaves the original's value unset; here it is 0.
"""

from __future__ import annotations

from programs.basic import _label_items, _label_list, _label_raw
from vicar.errors import Abend, VicarError
from vicar.image.records import copy_records

NAME_LENGTH = 32  # of task names
MAX_SETS = 200
KEY_ROOM = 35
HEADERS = ("TASK", "USER", "DAT_TIM", "PROPERTY")


def main(task):
    task.if_message("LABEL version 2021-11-12.2")
    subcommands = {
        "ADD": lambda task: change_items(task, "ADD"),
        "REPLACE": lambda task: change_items(task, "REPLACE"),
        "CONCAT": concat,
        "CREATE": _label_raw.create,
        "DELETE": delete,
        "LIST": _label_list.list_labels,
        "REMOVE": _label_raw.remove,
        "SWITCH": _label_raw.switch,
    }
    subcommands[task.subcommand](task)


class Files:
    """The file whose label changes: OUT, a copy of an input, or the input itself.

    The label is changed first, then the pixels are copied, binary header and prefixes included. Changes made in place
    before an error stay, as they do in the original.
    """

    def __init__(self, task, instance: int = 1):
        self.task = task
        self.source = None
        if task.count("OUT"):
            task.primary(instance)
            self.source = task.open("INP", instance, binary=True)
            self.result = task.create("OUT", binary=True, nlb=self.source.nlb, nbb=self.source.nbb)
        else:
            self.result = task.open("INP", instance, op="UPDATE")

    def __enter__(self):
        return self.result.label

    def __exit__(self, kind, error, traceback):
        if kind is None and self.source is not None:
            copy_records(self.source, self.result)
            self.source.close()
        if kind is None or (self.source is None and issubclass(kind, Abend | VicarError)):
            self.result.close()


def set_type(task, task_parameter: str, types_if_none: str | None) -> str:
    """HISTORY, PROPERTY, SYSTEM or BOTH from TYPE, TASK(S) and PROPERTY, which must agree."""
    tasks, properties = task.count(task_parameter), task.count("PROPERTY")
    if tasks and properties:
        task.abend(f"Cannot specify both {task_parameter} and PROPERTY")
    given = task.string("TYPE")
    if given is None or given == "BOTH":
        return "PROPERTY" if properties else "HISTORY" if tasks else (types_if_none or given)
    if given == "HISTORY" and properties:
        task.abend("Cannot use PROPERTY parameter if TYPE=HISTORY")
    if given == "PROPERTY" and tasks:
        task.abend("Cannot use TASK parameter if TYPE=PROPERTY")
    return given


# -- ADD and REPLACE ----------------------------------------------------------------------------------------------


def change_items(task, action: str) -> None:
    update = task.keyword("UPDATE")
    with Files(task) as label:
        kind = set_type(task, "TASK", "HISTORY")
        if kind == "PROPERTY" and not task.count("PROPERTY"):
            task.abend("Must specify PROPERTY parameter if TYPE=PROPERTY")
        if kind == "SYSTEM" and (task.count("PROPERTY") or task.count("TASK")):
            task.abend("Cannot use TASK or PROPERTY parameters if TYPE=SYSTEM")
        where = place(task, kind)
        reader = _label_items.Reader(task.string("ITEMS"), task.abend)
        while reader.more():
            change_item(task, label, where, reader, action, update)


def place(task, kind: str) -> dict:
    """Keyword arguments that say which set of the label is meant."""
    if kind == "SYSTEM":
        return {}
    if kind == "PROPERTY":
        return {"property": task.string("PROPERTY"), "instance": task.integer("INSTANCE")}
    if task.count("TASK"):
        return {"task": task.string("TASK"), "instance": task.integer("INSTANCE")}
    return {"task": ""}


def change_item(task, label, where: dict, reader, action: str, update: bool) -> None:
    key, element = reader.key()
    check_key(task, label, key, action == "REPLACE" and not element)
    form, size = None, 0
    if element:
        try:
            known = label.info(key, **where)
            form, size = known.format, known.nelement
        except VicarError as error:
            if error.key != "FNDKEY":
                raise
    form, values = reader.values(key, form)
    mode, start = "INSERT" if action == "ADD" else "REPLACE", element
    if not element:
        if action == "ADD" and not update:
            mode = "ADD"
        else:
            mode, start = "REPLACE", 1
            delete_if_there(label, key, where, required=not update)
    label.add(key, values, format=form, mode=mode, element=start, nelement=len(values), **where)
    if element == -1 or element > size:
        element = size + 1
    task.if_message(what_happened(key, mode, element, len(values)))
    reader.skip_comma()


def check_key(task, label, key: str, deletes: bool) -> None:
    """A key of more than 35 characters overwrites what the original remembers of the label type; these errors follow."""
    if len(key) > KEY_ROOM:
        error = "BADLBLTP" if task.count("TASK") else "NONASC" if task.count("PROPERTY") else "HSTNTASC"
        raise VicarError(error, "XLDEL" if deletes else "XLADD", label.name)


def delete_if_there(label, key: str, where: dict, required: bool) -> None:
    try:
        label.delete(key, **where)
    except VicarError:
        if required:
            raise


def what_happened(key: str, mode: str, element: int, count: int) -> str:
    if mode == "ADD":
        return f"Keyword {key} added"
    if mode == "REPLACE" and element == 0:
        return f"Keyword {key} replaced"
    did = "replaced in" if mode == "REPLACE" else "added to"
    if count == 1:
        return f"Element {element} {did} keyword {key}"
    return f"Elements {element} through {element + count - 1} {did} keyword {key}"


# -- DELETE -------------------------------------------------------------------------------------------------------


def delete(task) -> None:
    with Files(task) as label:
        kind = set_type(task, "TASKS", "HISTORY")
        option = "property" if kind == "PROPERTY" else "task"
        sets = (label.properties() if kind == "PROPERTY" else label.tasks(NAME_LENGTH))[:MAX_SETS]
        chosen = [name.upper() for name in task.strings("PROPERTY" if kind == "PROPERTY" else "TASKS")]
        keys = [key.upper() for key in task.strings("KEYS")]
        all_keys = not keys or keys[0] == "/ALL"
        if not all_keys and any(key in keys for key in HEADERS):
            task.if_message("KEYS contained illegal keyword")
            task.abend("Keywords TASK, USER, DAT_TIM, and PROPERTY not allowed")
        instances = task.integers("INSTNCES")
        element, count = task.integer("ELEMENT", 1), task.integer("NELEMENT", -1)
        for name in ("ELEMENT", "NELEMENT"):
            if task.count(name) and not keys:
                task.abend(f"KEYS must be specified if {name} is used")
        removed: dict[str, int] = {}  # whole sets gone, by name: later ones of the name move up
        for name, instance in sets:
            if (chosen and name not in chosen) or (instances and instance not in instances):
                continue
            where = {option: name, "instance": instance - removed.get(name, 0)}
            delete_keys(task, label, where, option.upper(), None if all_keys else keys, keys, element, count)
            if not keys:
                delete_set(task, label, where, name, kind)
                removed[name] = removed.get(name, 0) + 1


def delete_keys(task, label, where: dict, header: str, wanted, given, element: int, count: int) -> None:
    """Delete items of one set: those ``wanted``, or all (``None``) but its header."""
    item = label.info(header, **where)
    while True:
        if (wanted is None and item.key not in HEADERS) or item.key in given:
            gone = label.delete(item.key, element=element, nelement=count, **where)
            if gone and element == 1 and element + gone > item.nelement:
                task.if_message(f"Keyword {item.key} deleted")
            elif gone == 1:
                task.if_message(f"Element {element} deleted from keyword {item.key}")
            elif gone:
                task.if_message(f"Elements {element} through {element + gone - 1} deleted from keyword {item.key}")
        try:
            item = label.next_item()
        except VicarError:
            return
        if item.key in ("TASK", "PROPERTY"):
            return


def delete_set(task, label, where: dict, name: str, kind: str) -> None:
    if kind == "PROPERTY":
        label.delete("PROPERTY", **where)
        task.if_message(f"Property subset {name} deleted")
        return
    for key in ("USER", "DAT_TIM", "TASK"):
        label.delete(key, **where)
    task.if_message(f"History subset {name} deleted")


# -- CONCAT -------------------------------------------------------------------------------------------------------


def concat(task) -> None:
    source = task.open("INP", 1)
    with source, Files(task, instance=2) as label:
        kind = set_type(task, "TASK", None)
        if task.count("TASK") or task.count("PROPERTY"):
            name = task.string("PROPERTY" if kind == "PROPERTY" else "TASK").upper()
            new_name = task.string("OUT_NAME") or name
            concat_set(task, source.label, label, kind, name, task.integer("INSTANCE"), new_name)
            return
        if kind in ("BOTH", "PROPERTY"):
            for name, instance in source.label.properties()[:MAX_SETS]:
                concat_set(task, source.label, label, "PROPERTY", name, instance, name)
        if kind in ("BOTH", "HISTORY"):
            for name, instance in source.label.tasks(NAME_LENGTH)[:MAX_SETS]:
                concat_set(task, source.label, label, "HISTORY", name, instance, name)


def concat_set(task, source, label, kind: str, name: str, instance: int, new_name: str) -> None:
    """Append one set of ``source`` to ``label``."""
    option, header = ("property", "PROPERTY") if kind == "PROPERTY" else ("task", "TASK")
    where = {option: name, "instance": instance}
    source.info(header, **where)
    present = label.properties() if kind == "PROPERTY" else label.tasks(NAME_LENGTH)
    number = 1 + max((i for n, i in present[:MAX_SETS] if n == new_name), default=0)
    if kind == "HISTORY":
        add_task_header(label, new_name)
    while True:
        try:
            item = source.next_item()
        except VicarError:
            return
        if item.key in ("TASK", "PROPERTY"):
            return
        try:
            values = source.values(item.key, format=item.format, **where)
        except VicarError as error:
            task.error(error)
            task.abend()
        try:
            label.add(item.key, values, format=item.format, instance=number, **{option: new_name})
        except VicarError:
            pass  # the original looks at no status here


def add_task_header(label, name: str) -> None:
    """A TASK item behind the last task: the items added next make it a history set."""
    try:
        label.add("TASK", name, task="", format="STRING")
    except VicarError:
        pass
