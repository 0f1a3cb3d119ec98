"""What the session and its procedures took: the table of USAGE. Source of the facts: ``lib/vicar/rm_unix.np.c``."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

LEVELS = 20
INDENT = "\t\t\t\t"  # in a job's log
RULE = "-" * 130


@dataclass(frozen=True)
class Sample:
    """Processor seconds of this process and its children, block operations, page faults, and the time."""

    user: float
    system: float
    reads: int
    writes: int
    minor: int
    major: int
    clock: float

    def since(self, start: Sample) -> Sample:
        """What was taken since an earlier sample."""
        return Sample(*(getattr(self, name) - getattr(start, name) for name in self.__dataclass_fields__))


class Usage:
    """Keeps count for a session."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._session = self._sample()
        self._started: dict[int, Sample] = {}
        self._finished: dict[int, tuple[str, Sample, float]] = {}

    def _sample(self) -> Sample:
        own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        fields = ("ru_utime", "ru_stime", "ru_inblock", "ru_oublock", "ru_minflt", "ru_majflt")
        return Sample(*(getattr(own, name) + getattr(children, name) for name in fields), self._clock())

    def start(self, level: int) -> None:
        """A procedure of a level starts."""
        if level < LEVELS:
            self._started[level] = self._sample()

    def stop(self, level: int, name: str) -> None:
        """It ends."""
        start = self._started.get(level)
        if start is not None:
            self._finished[level] = (name[:9], self._sample().since(start), start.clock)

    def lines(self, level: int, run_type: str) -> list[str]:
        """The table, for the last procedure of a level."""
        if level >= LEVELS:
            return ["", "Procs nested too deep for USAGE command."]
        total = self._sample().since(self._session)
        zero = Sample(0, 0, 0, 0, 0, 0, 0)
        name, last, started = self._finished.get(level, ("", zero, None))
        date = "" if started is None else time.asctime(time.localtime(started))
        lines = [
            "",
            f"Statistic\t\tSession\t\tLast Proc ({name})",
            "---------\t\t-------\t\t---------",
            f"Proc Start Time\t\t\t\t{date}",
            f"Block input operations\t{total.reads:<11d}\t{last.reads:<11d}",
            f"Block output operations\t{total.writes:<11d}\t{last.writes:<11d}",
            f"Page Faults(no ph I/O)\t{total.minor:<11d}\t{last.minor:<11d}",
            f"Page Faults(phys I/O)\t{total.major:<11d}\t{last.major:<11d}",
            f"System CPU Time\t\t{_time(total.system)}\t{_time(last.system)}",
            f"User CPU Time\t\t{_time(total.user)}\t{_time(last.user)}",
            f"Connect Time\t\t{_time(total.clock)}\t{_time(last.clock)}",
        ]
        if run_type == "INTERACTIVE":
            return [*lines, ""]
        return [*(INDENT + line for line in lines), RULE, INDENT]


def _time(seconds: float) -> str:
    hundredths = int(seconds * 100)
    return f"{hundredths // 360000:02d}:{hundredths // 6000 % 60:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
