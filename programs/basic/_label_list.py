"""LABEL-LIST. Source: the listing routines of ``vos/p2/prog/label``."""

from __future__ import annotations

from vicar.errors import VicarError

WIDTH = 80
STARS = "*" * 60
NAME_LENGTH = 223
NAME_LENGTH = 32  # of task names
MAX_SETS = 200


def list_labels(task) -> None:
    names = task.strings("INP")
    extent = task.string("EXTENT")
    for number, name in enumerate(names, 1):
        task.if_message(STARS)
        task.if_message(" ")
        task.if_message(f"        ************  File {name[:NAME_LENGTH]} ************")
        try:
            image = task.open("INP", number)
        except VicarError as error:
            if len(names) == 1:
                raise
            task.error(error)
            continue
        with image:
            lister = Lister(task, image)
            if extent == "DUMP":
                lister.dump()
            if extent in ("SYSTEM", "ALL"):
                lister.system()
            if extent in ("PROPERTY", "ALL"):
                lister.properties()
            if extent in ("HISTORY", "ALL"):
                lister.history()
            if extent == "TASKS":
                lister.task_headers()
        task.if_message(" ")
        task.if_message(STARS)


class Lister:
    """Prints the parts of one label; items are collected into lines."""

    def __init__(self, task, image):
        self.print = task.if_message
        self.error = task.error
        self.abend = task.abend
        self.image = image
        self.label = image.label
        self.packed = task.string("PACK") == "PACK"
        self.hide_user = task.keyword("NOUSRTIM")
        self.line = ""

    def system(self) -> None:
        image = self.image
        margin = " " * 16
        self.print(f"{margin}{image.dim} dimensional {image.type} file")
        self.print(f"{margin}File organization is {image.org}")
        self.print(f"{margin}Pixels are in {image.format} format from a {image.host[:10]} host")
        if image.dim > 3:
            return
        if image.dim == 2:
            self.print(f"{margin}{image.nl} lines")
        else:
            self.print(f"{margin}{image.nb} bands")
            self.print(f"{margin}{image.nl} lines per band")
        self.print(f"{margin}{image.ns} samples per line")
        kind = f" of type {image.bltype}" if image.bltype else ""
        self.print(f"{margin}{image.nlb} lines of binary header{kind}")
        self.print(f"{margin}{image.nbb} bytes of binary prefix per line")

    def properties(self) -> None:
        for name, instance in self.label.properties()[:MAX_SETS]:
            self.flush()
            number = f" (#{instance})" if instance > 1 else ""
            self.print(f"---- Property: {name}{number} ----")
            self.items_of_set("PROPERTY", {"property": name, "instance": instance})
        self.flush()

    def history(self) -> None:
        for name, instance in self.label.tasks(NAME_LENGTH)[:MAX_SETS]:
            self.flush()
            where = {"task": name, "instance": instance}
            self.task_header(name, where)
            self.items_of_set("TASK", where, skip=("USER", "DAT_TIM"))
        self.flush()

    def task_headers(self) -> None:
        for name, instance in self.label.tasks(NAME_LENGTH)[:MAX_SETS]:
            self.task_header(name, {"task": name, "instance": instance})

    def task_header(self, name: str, where: dict) -> None:
        user, time = (self.label.get(key, format="STRING", **where) for key in ("USER", "DAT_TIM"))
        if self.hide_user:
            user = time = ""
        self.print(f"---- Task: {name} -- User: {user} -- {time} ----")

    def items_of_set(self, header: str, where: dict, skip=()) -> None:
        self.label.info(header, **where)
        for item in self.following(("TASK", "PROPERTY") if header == "PROPERTY" else ("TASK",)):
            if item.key not in skip:
                self.item(item, self.label.values(item.key, format="STRING", **where))

    def following(self, ends: tuple[str, ...]):
        """The items after the one last looked at, up to the header of another set."""
        while True:
            try:
                item = self.label.next_item()
            except VicarError as error:
                if error.key != "EOLAB":
                    raise
                return
            if item.key in ends:
                return
            yield item

    def dump(self) -> None:
        """Every item of the label as it stands there."""
        self.label.rewind()
        for item in self.following(("TASK", "PROPERTY")):
            self.item(item, self.label.values(item.key, format="STRING"))
        self.flush()
        properties, tasks = self.label.properties()[:MAX_SETS], self.label.tasks(NAME_LENGTH)[:MAX_SETS]
        if properties:
            self.dump_sets("PROPERTY", "property", properties, ("TASK",))
        if tasks:
            self.dump_sets("TASK", "task", tasks, ())

    def dump_sets(self, header: str, option: str, sets: list[tuple[str, int]], ends: tuple[str, ...]) -> None:
        self.print(f"{header}='{sets[0][0]}'")
        number = 0
        for item in self.following(ends):
            number += item.key == header
            name, instance = sets[number]
            self.item(item, self.label.values(item.key, format="STRING", instance=instance, **{option: name}))
        self.flush()

    # -- lines ------------------------------------------------------------------------------------------------------

    def item(self, item, values: list[str]) -> None:
        """Put an item on the line; a new line is begun before one gets too long."""
        if not values:
            values = [""]
        self.make_room(len(item.key) + len(values[0]) + 8)
        self.line += ("  " if self.line else "") + item.key + "="
        if item.nelement > 1:
            self.line += "("
        quote = "'" if item.format.startswith("S") else ""
        for number, value in enumerate(values[: item.nelement], 1):
            self.make_room(len(value) + 4)
            self.line += quote + value + quote + (", " if number < item.nelement else "")
        if item.nelement > 1:
            self.line += ")"
        if not self.packed:
            self.flush()

    def make_room(self, length: int) -> None:
        if self.line and len(self.line) + length >= WIDTH:
            self.flush()

    def flush(self) -> None:
        if self.line:
            self.print(self.line)
        self.line = ""
