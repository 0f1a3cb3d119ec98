"""TRANSLOG: value of an environment variable, "" if there is none. Source: ``vos/p2/prog/translog`` (C).

It speaks to the monitor directly, not through the run-time library, so it prints no banner.
"""

BANNER = False


def main(task):
    task.output("TRANS", task.environment.get(task.string("INP"), ""))
