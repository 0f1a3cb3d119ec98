"""Fuzzing of the readers: labels, compressed images, tables. Damaged bytes give an answer or `VicarError`, soon, in little memory.

    python -m testscripts.fuzz.test_files --minutes 10 [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from vicar.errors import VicarError
from vicar.ibis import create_table, open_table
from vicar.image import HistoryStamp, create_image, open_image
from vicar.image.compression import decode

STAMP = HistoryStamp("FUZZ", "jane", "Sat Nov 21 10:34:07 2026")
SECONDS_A_CASE = 10  # on a busy machine; a case takes a millisecond
MEMORY = 3 << 30
WORDS = (b"NL=", b"NS=", b"NB=", b"RECSIZE=", b"LBLSIZE=", b"FORMAT='", b"ORG='", b"EOL=", b"NLB=", b"NBB=", b"COMPRESS='", b"NR=",
         b"NC=", b"COFFSET=(", b"SEGMENT=", b"BLOCKSIZE=", b"TASK='", b"PROPERTY='", b"'", b"(", b")", b"=", b"\0", b"BASIC2'")  # fmt: skip
NUMBERS = (b"0", b"1", b"-1", b"2147483647", b"-2147483648", b"1000000000000", b"4294967296", b"99999", b"65536")


class TooLong(Exception):
    """A case took more than `SECONDS_A_CASE`."""


def seeds(folder: Path) -> list[bytes]:
    """Small good files of every kind."""
    made = []
    array = np.arange(7 * 9, dtype=np.int32).reshape(7, 9)
    for number, (format, org, compress, host) in enumerate(
        [("BYTE", "BSQ", "NONE", None), ("HALF", "BIL", "NONE", ("SUN-SOLR", "HIGH", "IEEE")), ("REAL", "BIP", "NONE", ("VAX-VMS", "LOW", "VAX")),
         ("BYTE", "BSQ", "BASIC", None), ("HALF", "BSQ", "BASIC2", None), ("COMP", "BSQ", "NONE", None)]
    ):  # fmt: skip
        path = folder / f"seed{number}"
        extra = dict(zip(("host", "intfmt", "realfmt"), host, strict=True)) if host else {}
        with create_image(path, nl=7, ns=9, format=format, u_format="FULL", org=org, compress=compress, task=STAMP, **extra) as image:
            for line in range(7):
                image.write(array[line], line=line + 1, band=1) if org == "BSQ" else None
            image.label.add("NOTE", "x" * 200, task="")
        made.append(path.read_bytes())
    for number, options in enumerate(
        [dict(nr=6, nc=3, formats=["REAL", "A7", "HALF"]), dict(nr=5, nc=2, org="ROW"), dict(nr=9, nc=2, version=1)]
    ):
        path = folder / f"table{number}"
        with create_table(path, task=STAMP, **options) as table:
            if number == 0:
                table.new_group("g", [1, 3])
        made.append(path.read_bytes())
    return made


def damaged(rng: random.Random, data: bytes) -> bytes:
    """A few changes: bytes, words and numbers of labels, pieces moved or lost, an early end."""
    raw = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(max(1, min(len(raw), 1500)))
        kind = rng.randrange(7)
        if kind == 0:
            raw[at : at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            raw[at:at] = rng.choice(WORDS) + rng.choice(NUMBERS)
        elif kind == 2:
            place = raw.find(rng.choice(WORDS[:16]))
            if place >= 0:
                value = raw.find(b"=", place) + 1
                raw[value : value + rng.randint(0, 4)] = rng.choice(NUMBERS)
        elif kind == 3:
            del raw[at : at + rng.randint(1, 40)]
        elif kind == 4:
            raw[at:at] = raw[at : at + rng.randint(1, 60)]
        elif kind == 5:
            raw[at : at + 4] = rng.randbytes(4)
        else:
            del raw[rng.randrange(len(raw) + 1) :]
        if not raw:
            break
    return bytes(raw)


def use(path: Path) -> None:
    """What a program may do with a file."""
    with open_image(path) as image:
        image.label.tasks(), image.label.properties(), list(image.label.items())
        for _ in range(3):
            image.read()
        image.read_window(1, 1, min(image.nl, 3), min(max(image.ns, 0), 50))
        if image.nbb or image.nlb:
            image.prefixes()[:2], image.read_prefix(1)
    with open_image(path, "UPDATE") as image:
        image.label.add("ADDED", 1, task="")
        image.label.delete("ADDED", task="")
        image.discard()


def use_table(path: Path) -> None:
    with open_table(path) as table:
        if table.nr * max(table.nc, 1) < 10**6:
            table.array()
            table.group_names(), table.find("g | h")


def run_case(path: Path, data: bytes) -> None:
    """Write and use one file; anything but success or VicarError escapes."""
    for work in (use, use_table):
        path.write_bytes(data)
        try:
            work(path)
        except VicarError:
            pass


def alarm(_signal, _frame):
    raise TooLong


def fuzz(seconds: float, seed: int, folder: Path, keep: Path | None = None) -> int:
    """Fuzz for a while; gives the number of cases. A crash is kept as a file and raised."""
    rng = random.Random(seed)
    good = seeds(folder)
    decode(b"", 1, 1 << 40)  # the compiler takes seconds, and not ours
    signal.signal(signal.SIGALRM, alarm)
    end, cases = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = damaged(rng, rng.choice(good))
        signal.alarm(SECONDS_A_CASE)
        try:
            run_case(folder / "case", data)
        except BaseException:
            signal.alarm(0)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"crash-{seed}-{cases}").write_bytes(data)
            raise
        signal.alarm(0)
        cases += 1
    return cases


@pytest.mark.parametrize("seed", [1, 2])
def test_damaged_files_give_an_answer_or_an_error(seed, tmp_path):
    assert fuzz(4.0, seed, tmp_path) > 50


def test_absurd_sizes_cost_nothing(tmp_path):
    """A label that claims 10**12 samples allocates nothing."""
    label = (b"LBLSIZE=1000000000000   FORMAT='BYTE'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE=1000000000000  ORG='BSQ'  "
             b"NL=1000000000000  NS=1000000000000  NB=3  N1=1000000000000  N2=1000000000000  N3=3  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  ")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run_case(tmp_path / "case", label)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--keep", type=Path, default=Path("crashes"))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    crashes, cases, end, seed = 0, 0, time.monotonic() + 60 * arguments.minutes, arguments.seed
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            seed += 1
            try:
                cases += fuzz(min(20.0, end - time.monotonic()), seed, Path(folder), arguments.keep)
            except Exception as error:
                crashes += 1
                print(f"{type(error).__name__}: {error}", file=sys.stderr)
                import traceback

                traceback.print_exc(limit=-3)
    print(f"{cases} cases, {crashes} crashes, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, pid {os.getpid()}")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
