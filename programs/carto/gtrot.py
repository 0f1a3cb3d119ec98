"""GTROT: turn or mirror an image with its GeoTIFF label. Source: ``vos/p2/prog/gtrot`` (C); see ``_turn`` for what differs."""

from __future__ import annotations

from programs.carto._turn import turn_image


def main(task):
    task.if_message("gtrot version 2016-01-08")

    def announce(present: int, wanted: int) -> None:
        task.if_message(f"Changing rotation {present} to rotation {wanted}")
        if wanted == 1:
            task.if_message(" (the standard VICAR rotation)")

    turn_image(task, "gtrot", announce)
