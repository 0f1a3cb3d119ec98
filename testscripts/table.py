"""Every program with what proves it: ``python -m testscripts.table`` (``--missing``: only those that nothing proves).

A program is a parameter file of ``pdf/``. One of the original's has a folder ``testscripts/NAME`` of procedures with the logs
the original wrote, and a level in ``score.json``; for one that no original can be run of, ``references.tsv`` names a test
and what it compares with.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from monitor.verify.score import Score
from monitor.verify.suites import model_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LIBRARIES = ("vicar", "p3", "isis2", "ours")
NOT_PROGRAMS = {"slogon", "slogoff", "ulogon", "ulogoff", "taegbl", "vidsglob"}  # of the monitor; globals


@dataclass(frozen=True)
class Row:
    """A program: its procedures with models, their lines, its level, or the reference that takes the place of models."""

    library: str
    name: str
    procedures: int
    lines: int
    level: str
    reference: str = ""

    @property
    def proven(self) -> bool:
        return bool(self.procedures and self.level) or bool(self.reference)


def references() -> dict[str, tuple[str, str]]:
    """Program -> test file and what it compares with."""
    with open(HERE / "references.tsv", encoding="utf-8", newline="") as table:
        return {row["program"]: (row["test"], row["reference"]) for row in csv.DictReader(table, delimiter="\t")}


def rows() -> list[Row]:
    levels, named = Score.load(HERE / "score.json").programs, references()
    found = []
    for library in LIBRARIES:
        for path in sorted((ROOT / "pdf" / library).glob("*.pdf")):
            name = path.stem
            if name in NOT_PROGRAMS:
                continue
            folder = HERE / name
            models = {model_of(procedure) for procedure in folder.glob("*.pdf")} - {None}
            lines = sum(model.read_bytes().count(b"\n") for model in models)
            level = levels.get(name, "")
            if not level and list(folder.glob("*.accepted.log")):
                level = "accepted"
            found.append(Row(library, name, len(models), lines, level, "" if models else named.get(name, ("", ""))[1]))
    return found


def main(arguments: list[str]) -> int:
    chosen = [row for row in rows() if "--missing" not in arguments or not row.proven]
    print(f"{'library':8}{'program':16}{'procedures':>10}{'lines':>7}  level or reference")
    for row in chosen:
        print(f"{row.library:8}{row.name:16}{row.procedures:10}{row.lines:7}  {row.reference or row.level or 'nothing'}")
    print(f"{len(chosen)} programs, {sum(not row.proven for row in chosen)} of them not proven")
    return 1 if any(not row.proven for row in chosen) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
