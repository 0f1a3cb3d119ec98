"""COMMENT: date, time and a remark between two bars. Source: ``vos/p2/prog/comment`` (C).

A remark that is not given is asked for; its end of line stays with it, so that a blank line follows.
"""

from __future__ import annotations

BAR = "-" * 20
LONGEST = 79


def main(task):
    task.if_message("COMMENT version 2019-07-18")
    task.message(BAR)
    _, month, day, time, year = task.now().ctime().split()
    task.message(f"\nDate: {day:>2}-{month}-{year}    Time: {time}")
    text = task.ask("comment: ", LONGEST) if task.defaulted("MESSAGE") else task.string("MESSAGE").removeprefix(" ")
    if text:
        task.if_message(text)
    task.if_message("\n" + BAR)
