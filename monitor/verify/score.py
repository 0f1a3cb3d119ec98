"""The score: what of the reference data is reproduced, kept in one file that only ever gets better.

``testscripts/score.json`` names everything that was reproduced once. A test fails when one of those no longer is; new ones
are added by ``vicar-verify --score --update``. The denominators are those of the reference data and count what cannot run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from monitor.installation import LIBRARIES, PARAMETER_FILES
from monitor.verify.verdict import Outcome

DENOMINATORS = {"native": 310, "cases": 73, "imq": 4, "voyager": 1, "skeleton": 231, "monitor": 15, "pixels": 181}
LEVELS = ("text", "digits", "pixels")
TITLES = {
    "native": "the original's own test procedures",
    "cases": "procedures of our own, their logs and files",
    "imq": "Voyager pictures of the CD-ROMs",
    "voyager": "the chain that calibrates a Voyager frame",
    "skeleton": "how its procedures are parsed and run, without programs",
    "monitor": "sessions at the prompt",
    "pixels": "single commands, their whole output images",
}
MARK, END_MARK = "<!-- score -->", "<!-- end of score -->"


def is_program(name: str) -> bool:
    """Whether the libraries have a parameter file of that name."""
    return bool(name) and any((PARAMETER_FILES / library / f"{name}.pdf").is_file() for library in LIBRARIES.values())


@dataclass
class Score:
    """Names of what is reproduced, by suite, and the level proven for each program.

    ``programs``: ``text`` when the program ran in a reproduced log, ``digits`` when a reproduced log is about it (its own test
    procedure, golden case or folder of procedures beside the score),
    ``pixels`` when a whole output image of it has the original's digest.
    """

    reproduced: dict[str, set[str]] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Score:
        if not path.is_file():
            return cls({suite: set() for suite in DENOMINATORS})
        data = json.loads(path.read_text("utf-8"))
        return cls(
            {suite: set(data.get(suite, {}).get("reproduced", ())) for suite in DENOMINATORS},
            dict(data.get("programs", {})),
        )

    def save(self, path: Path) -> None:
        data: dict = {
            suite: {
                "of": total,
                "count": len(self.reproduced.get(suite, ())),
                "reproduced": sorted(self.reproduced.get(suite, ())),
            }
            for suite, total in DENOMINATORS.items()
        }
        data["programs"] = dict(sorted(self.programs.items()))
        path.write_text(json.dumps(data, indent=1) + "\n", "utf-8")

    def lost(self, suite: str, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """What was reproduced once and no longer is."""
        listed = self.reproduced.get(suite, set())
        return [outcome for outcome in outcomes if outcome.name in listed and not outcome.verdict.reproduced]

    def gained(self, suite: str, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """What is reproduced and not yet listed."""
        listed = self.reproduced.get(suite, set())
        return [outcome for outcome in outcomes if outcome.verdict.reproduced and outcome.name not in listed]

    def add(self, suite: str, outcomes: Iterable[Outcome], subject_of: dict[str, str] | None = None) -> int:
        """List what is newly reproduced; returns how many. Never removes anything.

        ``subject_of`` names the program a test is about.
        """
        outcomes = list(outcomes)
        gained = self.gained(suite, outcomes)
        self.reproduced.setdefault(suite, set()).update(outcome.name for outcome in gained)
        for outcome in outcomes:
            if outcome.verdict.reproduced:
                self.raise_levels(suite, outcome, (subject_of or {}).get(outcome.name, ""))
        return len(gained)

    def raise_levels(self, suite: str, outcome: Outcome, subject: str) -> None:
        """What a reproduced test proves about the programs in it; ``subject`` is the one it is about (perhaps a procedure of the
        libraries, or a program that the log starts through the shell)."""
        if suite in ("skeleton", "monitor"):
            return
        about = {subject.lower()} if is_program(subject.lower()) else set()
        for program in {*outcome.programs, *about}:
            if suite == "pixels" or (suite == "imq" and program in about):
                level = "pixels"
            else:
                level = "digits" if program == subject.lower() else "text"
            self.raise_level(program, level)

    def raise_level(self, program: str, level: str) -> None:
        if LEVELS.index(level) >= LEVELS.index(self.programs.get(program, "text")):
            self.programs[program] = level

    def summary(self) -> list[str]:
        """The dashboard in a few lines."""
        lines = [
            f"{suite}: {len(self.reproduced.get(suite, ()))} of {total} reproduced"
            for suite, total in DENOMINATORS.items()
        ]
        counts = {level: sum(one == level for one in self.programs.values()) for level in LEVELS}
        lines.append("programs proven: " + ", ".join(f"{count} to {level}" for level, count in counts.items()))
        return lines

    def table(self) -> str:
        """The same as a Markdown table, for the README."""
        lines = ["| what is compared with the original | reproduced | of |", "|---|---|---|"]
        lines += [
            f"| {TITLES[suite]} | {len(self.reproduced.get(suite, ()))} | {total} |"
            for suite, total in DENOMINATORS.items()
        ]
        counts = {level: sum(one == level for one in self.programs.values()) for level in LEVELS}
        lines.append("")
        lines.append(
            f"Programs proven by these: {len(self.programs)}, of them {counts['pixels']} to the pixel (whole output images), "
            f"{counts['digits']} to the digit (a log about them) and {counts['text']} in passing (used in a log about another)."
        )
        return "\n".join(lines)


def in_readme(text: str, score: Score) -> str:
    """A README with the table of this score between its two marks; ValueError if it has no place for one."""
    before, mark, rest = text.partition(MARK)
    _, end, after = rest.partition(END_MARK)
    if not mark or not end:
        raise ValueError(f"no place between {MARK} and {END_MARK}")
    return f"{before}{MARK}\n\n{score.table()}\n\n{END_MARK}{after}"
