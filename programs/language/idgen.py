"""IDGEN: a name made of a prefix and the time of day. Source: ``vos/p2/prog/idgen`` (C)."""

from __future__ import annotations

import re

ODD = re.compile(r"[^A-Za-z0-9.-]")
DAY_OF_WEEK = 3


def main(task):
    task.if_message("idgen version Thu Jan  3 2008")
    stamp = task.now().ctime()
    if task.keyword("SHORTER"):
        stamp = re.sub("[^A-Za-z0-9]", "", stamp[DAY_OF_WEEK:])
    if task.keyword("LOWER"):
        stamp = stamp.lower()
    task.output("OUTVAR", ODD.sub("_", task.string("PREFIX") + stamp))
