"""``vicar-verify --score``: runs every suite of the reference data and keeps the score file."""

from __future__ import annotations

import argparse
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

from monitor.verify.pool import ROOT
from monitor.verify.report import ProgressBar, unlocking
from monitor.verify.score import DENOMINATORS, Score, in_readme
from monitor.verify.suites import (
    Test,
    case_tests,
    folder_tests,
    monitor_tests,
    native_tests,
    pixel_commands,
    skeleton_tests,
    voyager_test,
)
from monitor.verify.verdict import Outcome, tally

FOLDERS = "folders"  # the procedures beside the score; they have no row of their own
SCORE = ROOT / "testscripts" / "score.json"


def suite_tests(suite: str, shared: Path, tree: Path | None) -> list[Test]:
    """The tests of one suite (all but ``pixels``, which are commands)."""
    if suite in ("cases", "imq"):
        return [test for test in case_tests(shared) if test.suite == suite]
    if suite == "voyager":
        return [voyager_test(shared)]
    if suite == "native":
        return native_tests(shared, tree)
    if suite == "skeleton":
        return skeleton_tests(shared, tree)
    if suite == "monitor":
        return monitor_tests(shared)
    raise ValueError(f"no suite {suite}; there are {', '.join(DENOMINATORS)}")


def run_suite(
    suite: str, shared: Path, tree: Path | None, options: argparse.Namespace
) -> tuple[list[Outcome], dict[str, str]]:
    """Outcomes of a suite, and what program each test is about."""
    from monitor.verify.run import run_pixels, run_tests

    chosen = options.only or "*"
    if suite == "pixels":
        commands = [one for one in pixel_commands(shared) if fnmatch(one.command, chosen)]
        return list(run_pixels(shared, commands)), {one.command: one.program for one in commands}
    tests = [test for test in suite_tests(suite, shared, tree) if fnmatch(test.name, chosen)]
    outcomes = run_tests(tests, options.jobs, options.keep, sides=options.html, progress=ProgressBar(sys.stderr))
    return outcomes, {test.name: test.subject for test in tests}


def levels_of_folders(score: Score, options: argparse.Namespace) -> None:
    """Raise the levels of the programs by the procedures beside the score; that these stay reproduced is a test of its own."""
    from monitor.verify.run import run_tests

    tests = [test for test in folder_tests(SCORE.parent) if fnmatch(test.name, options.only or "*")]
    outcomes = run_tests(tests, options.jobs, progress=ProgressBar(sys.stderr))
    print(f"folders of procedures: {tally(outcomes)}")
    for outcome in outcomes:
        if outcome.verdict.reproduced:
            score.raise_levels("folders", outcome, outcome.name.partition(".")[0])


def write_table(score: Score, readme: Path) -> int:
    readme.write_text(in_readme(readme.read_text("utf-8"), score), "utf-8")
    return 0


def command(options: argparse.Namespace) -> int:
    """Status 1 when something listed is no longer reproduced."""
    if options.readme and not options.update:
        return write_table(Score.load(SCORE), options.readme)
    shared, given = options.score, os.environ.get("VICAR_TREE")
    if not (shared / "golden").is_dir():
        raise ValueError(f"{shared} has no folder golden")
    tree = Path(given) if given else None
    score, lost, everything = Score.load(SCORE), [], []
    suites = options.suite or [*DENOMINATORS, FOLDERS]
    for suite in suites:
        if suite == FOLDERS:
            continue
        if suite not in DENOMINATORS:
            raise ValueError(f"no suite {suite}; there are {', '.join([*DENOMINATORS, FOLDERS])}")
        if suite in ("native", "skeleton") and tree is None:
            print(f"{suite}: not run (VICAR_TREE is not set)")
            continue
        outcomes, subjects = run_suite(suite, shared, tree, options)
        everything += outcomes
        lost += score.lost(suite, outcomes)
        print(f"{suite}: {tally(outcomes)}")
        for outcome in score.gained(suite, outcomes):
            print(f"  new: {outcome.name}")
        for line in unlocking(outcomes):
            print(f"  {line}")
        if options.update:
            score.add(suite, outcomes, subjects)
    if options.update:
        if FOLDERS in suites:
            levels_of_folders(score, options)
        score.save(SCORE)
        if options.readme:
            write_table(score, options.readme)
    if options.output:
        from monitor.verify.cli import write

        write(everything, options, "the reference data")
    print("\n".join(score.summary()))
    for outcome in lost:
        print(f"LOST: {outcome.summary()}")
    return 1 if lost else 0
