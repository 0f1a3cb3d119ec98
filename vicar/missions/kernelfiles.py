"""Which SPICE kernels there are: the configuration file and the tables of kernels that VICAR programs find their kernels by.

The environment variable SPICE_CONFIG_FILE names a text file with lines such as ``GLL_KDB /data/kdb.gll``: for each mission
(GLL, VGR1, VGR2) the table of kernels (KDB), the folders of kernels (SPICEKER, MIPSKER; written as they stand before file
names, so with their last slash), and the text kernels SCLK, CONSTANTS, BODY_IDS, LEAPSECONDS and FRAMES. A line of a table
names a kernel:

    M905  2 NAV  MIPSKER  mips_nav.ck   1989 OCT 18 00:00:00  2003 SEP 21 00:00:00

with its identification, kind (1 positions, 2 pointing), source, folder, file, and the time it covers.
Source: ``vos/p2/sub/mspice`` (mslcl_get...env, mslcl_read_kernel_info, mslcl_loadCk, mslcl_loadSpk).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

POSITIONS, POINTING = 1, 2
SUPPORT = ("SCLK", "CONSTANTS", "BODY_IDS", "LEAPSECONDS", "FRAMES")
FOLDERS = ("SPICEKER", "MIPSKER")
EARLY = 60.0  # seconds before its beginning a kernel counts


class KernelError(Exception):
    """Kernels that are not there or do not know what is asked. The text is for the terminal: logs have the original's number."""


@dataclass(frozen=True)
class Kernel:
    """A line of a table; ``begin`` and ``end`` in seconds past J2000."""

    name: str
    source: str
    path: str
    begin: float
    end: float

    def covers(self, time: float) -> bool:
        return self.begin - EARLY < time < self.end


def configuration(environment: Mapping[str, str], directory: Path, mission: str) -> dict[str, str]:
    """Keys of a mission (without its prefix) from the configuration file. Raises `KernelError`."""
    name = environment.get("SPICE_CONFIG_FILE", "")
    if not name:
        raise KernelError("SPICE_CONFIG_FILE is not defined: it names the file that says where SPICE kernels are")
    try:
        lines = (directory / name).read_text("latin-1").splitlines()
    except OSError as error:
        raise KernelError(f"Cannot read {name}, the file that says where SPICE kernels are: {error.strerror}") from None
    found = {}
    for words in map(str.split, lines):
        if len(words) > 1 and words[0].startswith(f"{mission}_"):
            found[words[0].removeprefix(f"{mission}_")] = words[1]
    return found


def table(settings: Mapping[str, str], directory: Path, kind: int, time_of: Callable[[str], float]) -> list[Kernel]:
    """Kernels of a kind, in the order of the table; ``time_of`` reads a UTC time. Raises `KernelError`."""
    name = settings.get("KDB", "")
    try:
        lines = (directory / name).read_text("latin-1").splitlines() if name else []
    except OSError as error:
        raise KernelError(f"Cannot read the table of kernels {name}: {error.strerror}") from None
    kernels = []
    for line in lines:
        words = line.split()
        if len(words) < 13 or words[1] != str(kind):
            continue
        if words[3] not in FOLDERS:
            raise KernelError(f"{name}: unknown folder {words[3]}")
        times = (" ".join(words[n : n + 4]) for n in (5, 9))
        kernels.append(Kernel(words[0], words[2], settings.get(words[3], "") + words[4], *map(time_of, times)))
    if not kernels:
        raise KernelError(f"The table of kernels {name} has none of kind {kind}")
    return kernels


def pointing_order(kernels: list[Kernel], time: float, source: str) -> list[Kernel]:
    """Pointing kernels that cover a time, the one that counts most last: those of the wanted source."""
    covering = [kernel for kernel in kernels if kernel.covers(time)]
    return [k for k in covering if k.source != source] + [k for k in covering if k.source == source]


def position_order(kernels: list[Kernel], time: float, wanted: str) -> list[Kernel]:
    """Position kernels that cover a time, and last the one of a name, whatever it covers. Raises `KernelError`."""
    special = next((kernel for kernel in kernels if kernel.name == wanted), None)
    order = [kernel for kernel in kernels if kernel.covers(time) and kernel is not special]
    order += [special] if special else []
    if not order:
        raise KernelError("No kernel of positions covers the time of the image")
    return order
