"""Items of a property label as GTGENUP and GTDEL read them. Source: ``vos/p2/prog/gtgenup`` (getPropertyLabel)."""

from __future__ import annotations

from vicar.errors import VicarError


def read_property(task, instance: int, property: str) -> list[tuple[str, str]]:
    """Keys and (first) values of a property of input ``instance``.

    A file without any property gives nothing; one that lacks this property ends the program; the name must be in upper
    case. All values must be strings.
    """
    with task.open("INP", instance) as image:
        label = image.label
        if not label.properties() or label.get("PROPERTY", property=property, format="STRING") != property:
            return []
        items = []
        while True:
            try:
                info = label.next_item()
            except VicarError:
                return items
            if info.key in ("PROPERTY", "TASK"):
                return items
            if info.format != "STRING":
                name = task.file_name("INP", instance)[:98] if instance == 1 else ""  # the original has that of the first
                task.abend(f"property {info.key} in file {name} is not FORMAT STRING")
            items.append((info.key, label.get(info.key, property=property, format="STRING")))
