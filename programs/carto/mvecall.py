"""MVECALL: GTROT with its announcement on the terminal. Source: ``vos/p2/prog/mvecall`` (C); see ``_turn`` for what differs."""

from __future__ import annotations

from programs.carto._turn import turn_image


def main(task):
    task.if_message("mvecall version 2015-12-09")

    def announce(present: int, wanted: int) -> None:
        usual = " (the standard VICAR rotation)" if wanted == 1 else ""
        task.printf(f"\nChanging rotation {present} to rotation {wanted}{usual}\n")

    turn_image(task, "mvecall", announce)
