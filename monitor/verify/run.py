"""Runs one test in a scratch folder and gives the verdict."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from monitor.verify.compare import Comparison, compare, hunks
from monitor.verify.digests import differences, file_digests
from monitor.verify.pool import Pool, Report, Worker
from monitor.verify.source import Cause, find_cause, located
from monitor.verify.suites import USER, PixelCommand, Test, expected_images, prepare_pixels
from monitor.verify.verdict import Outcome, Verdict

_FAULT = re.compile(r"^\[VIC2-GENERR\] Exception in ([A-Z0-9_]+)$")  # how a parameter file without a program answers
_NO_PROC = re.compile(r"^\[TAE-NOPROC\] Unable to locate proc '([^']+)'")
OUTPUT = "output.txt"
SCRATCH = "vicarverify"  # short, and no dash: in a library name what follows a dash is a file type


def environment(home: Path, extra: dict[str, str] | None = None) -> dict[str, str]:
    """What a run sees of the world: an empty home, procedures found in its own folder, a search path, nothing else."""
    return {
        "HOME": str(home),
        "ULIB": ".",
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C",
        "SHELL": "/bin/sh",
        "USER": USER,
        "LOGNAME": USER,
        **(extra or {}),
    }


def job(test: Test, folder: Path, home: Path) -> dict:
    """What a worker is told."""
    return {
        "action": test.action,
        "command": test.command,
        "typed": test.typed,
        "directory": str(folder),
        "user": USER,
        "output": str(folder / OUTPUT) if test.log == OUTPUT else str(home.parent / OUTPUT),
        "environment": environment(home, test.environment),
    }


def run_test(test: Test, worker: Worker, keep: Path | None = None, sides: bool = False) -> Outcome:
    """Run and judge one test. ``keep``: folder that gets a copy of what the run left behind."""
    for path, what in test.needs:
        if not path.exists():
            return Outcome(test.name, Verdict.NO_DATA, f"needs {what}", model_path=_shown(test.models))
    if not test.procedure.is_file() or not any(model.is_file() for model in test.models):
        missing = "no model log" if test.procedure.is_file() else f"no procedure {test.procedure.name}"
        return Outcome(test.name, Verdict.NO_DATA, missing)
    with tempfile.TemporaryDirectory(prefix=SCRATCH) as scratch:
        folder, home = Path(scratch, "run"), Path(scratch, "home")
        folder.mkdir()
        home.mkdir()
        try:
            test.prepare(folder)
        except (OSError, subprocess.CalledProcessError) as error:
            return Outcome(test.name, Verdict.NO_DATA, f"its folder could not be made: {error}")
        report = worker.run(job(test, folder, home), test.timeout)
        log = folder / test.log
        ours = log.read_bytes() if log.is_file() else b""
        outcome = judge(test, ours, report, folder, sides)
        if keep is not None:
            shutil.copytree(folder, keep / test.name, dirs_exist_ok=True, symlinks=True)
    return outcome


def _shown(paths: Iterable[Path]) -> str:
    return ", ".join(path.name for path in paths)


def judge(test: Test, ours: bytes, report: Report, folder: Path | None = None, sides: bool = False) -> Outcome:
    """The verdict on a log (and the images beside it), given what the worker reported."""
    comparisons = [
        (model, compare(model.read_bytes(), ours, test.convention)) for model in test.models if model.is_file()
    ]
    model, best = max(comparisons, key=lambda pair: (pair[1].same, pair[1].matched))
    outcome = Outcome(
        test.name,
        Verdict.DIFFERENT,
        matched=best.matched,
        total=best.total,
        masks=dict(best.mask_uses),
        programs=report.programs,
        seconds=report.seconds,
        model_path=str(model),
    )
    outcome.missing = missing_programs(best, report)
    if not best.same:
        outcome.caret = best.caret()
        name, text = test.procedure.stem, test.procedure.read_text("latin-1")
        absent = _NO_PROC.match(best.our_line or "")
        missing = absent.group(1) if absent else ", ".join(outcome.missing)
        cause = located(best.ours, best.matched, name, text, missing)
        cause = cause or find_cause(_up_to_divergence(best), best.matched, name, text, report.programs)
        if missing and not (cause and cause.program):
            cause = replace(cause or Cause(name, 0, ""), program=missing)
        outcome.cause = str(cause) if cause else ""
        if sides:
            outcome.sides = hunks(best)
    outcome.verdict, outcome.reason = _verdict(test, best, ours, report, outcome, folder)
    return outcome


def _up_to_divergence(best: Comparison) -> list[str]:
    """The log that shows how far the procedure had come: the agreed part and the model's next line (an echo, perhaps)."""
    return best.model[: best.matched + 1] if best.model_line is not None else best.ours[: best.matched + 1]


def _verdict(
    test: Test, best: Comparison, ours: bytes, report: Report, outcome: Outcome, folder: Path | None
) -> tuple[Verdict, str]:
    if report.crash:
        return Verdict.CRASHED, report.crash
    if best.same:
        wrong = differences(expected_images(test.digests), folder) if test.digests and folder else []
        if not wrong:
            return (Verdict.EXACT if best.exact else Verdict.MASKED), ""
        return Verdict.DIFFERENT, f"the log agrees, but {'; '.join(wrong)}"
    for stored, verdict in ((test.kept("accepted"), Verdict.ACCEPTED), (test.kept("known"), Verdict.KNOWN_BAD)):
        if stored.is_file() and compare(stored.read_bytes(), ours, test.convention).same:
            return verdict, written_reason(stored)
    absent = f"program {', '.join(outcome.missing)} missing" if outcome.missing else ""
    if absent and not _parted_before(best, outcome.missing):
        return Verdict.CANNOT_RUN, absent
    return Verdict.DIFFERENT, "; ".join(filter(None, [f"first difference at line {best.matched + 1}", absent]))


def _parted_before(best: Comparison, missing: list[str]) -> bool:
    """Whether the logs differ before the first sign of a missing program."""
    for number, line in enumerate(best.ours):
        found = _NO_PROC.match(line) or _FAULT.match(line)
        if found and found.group(1).lower() in missing:
            return best.matched < number
    return False


def written_reason(log: Path) -> str:
    """First line of the reason file beside an accepted or known log; without one the log does not count."""
    text = log.with_suffix(".md").read_text("utf-8").strip() if log.with_suffix(".md").is_file() else ""
    if not text:
        raise ValueError(f"{log.name} has no written reason: {log.with_suffix('.md').name} is missing or empty")
    return text.splitlines()[0].lstrip("# ").strip()


def missing_programs(best: Comparison, report: Report) -> list[str]:
    """Programs the run asked for in vain although the original found them."""
    ours, model = (
        Counter(found.group(1).lower() for line in lines if (found := _NO_PROC.match(line)))
        for lines in (best.ours, best.model)
    )
    return sorted({*(name for name in ours if ours[name] > model[name]), *report.missing})


def run_tests(
    tests: list[Test],
    workers: int | None = None,
    keep: Path | None = None,
    sides: bool = False,
    progress: Callable[[int, int, Outcome], None] | None = None,
) -> list[Outcome]:
    """Run many tests in parallel; the outcomes come in the order of ``tests``."""
    outcomes: list[Outcome | None] = [None] * len(tests)
    with Pool(workers) as pool:
        tasks = [lambda worker, test=test: run_test(test, worker, keep, sides) for test in tests]
        for done, (index, outcome) in enumerate(pool.run(tasks), 1):
            outcomes[index] = outcome
            if progress is not None:
                progress(done, len(tests), outcome)
    return [outcome for outcome in outcomes if outcome is not None]


# ---- whole images --------------------------------------------------------------------------------------------------


class PixelRunner:
    """Runs the commands of ``golden/pixels`` one by one beside inputs made once by their set-up procedure."""

    def __init__(self, shared: Path, worker: Worker, scratch: Path):
        self.worker = worker
        self.folder, self.home = scratch / "run", scratch / "home"
        for folder in (self.folder, self.home):
            folder.mkdir(parents=True)
        prepare_pixels(shared, self.folder)
        self.setup = self._run("setup")
        self.number = 0

    def _run(self, command: str) -> Report:
        return self.worker.run(
            {
                "action": "command",
                "command": command,
                "directory": str(self.folder),
                "user": USER,
                "output": str(self.folder / OUTPUT),
                "environment": environment(self.home),
            },
            120.0,
        )

    def run(self, command: PixelCommand) -> Outcome:
        self.number += 1
        name = f"o{self.number}.img"
        report = self._run(command.command.replace("$O", name))
        outcome = Outcome(command.command, Verdict.DIFFERENT, programs=report.programs, seconds=report.seconds)
        said = (self.folder / OUTPUT).read_text("latin-1") if (self.folder / OUTPUT).is_file() else ""
        absent = _NO_PROC.search(said) or re.search(_NO_PROC.pattern, said, re.MULTILINE)
        path = self.folder / name
        if report.crash:
            outcome.verdict, outcome.reason = Verdict.CRASHED, report.crash
        elif absent or report.missing:
            outcome.missing = sorted({*report.missing, *([absent.group(1)] if absent else [])})
            outcome.verdict, outcome.reason = Verdict.CANNOT_RUN, f"program {', '.join(outcome.missing)} missing"
        elif not path.is_file():
            why = [line for line in said.splitlines() if line.startswith("[")]
            outcome.reason = why[0] if why else "no output image"
        else:
            found = file_digests(path)
            wrong = [key for key in ("pixels", "label", "size") if found.get(key) != command.expected.get(key)]
            outcome.verdict = Verdict.DIFFERENT if wrong else Verdict.EXACT
            outcome.reason = f"{' and '.join(wrong)} differ" if wrong else ""
        path.unlink(missing_ok=True)
        return outcome


def run_pixels(shared: Path, commands: list[PixelCommand]) -> Iterator[Outcome]:
    """Outcomes of the commands, with one worker and one folder."""
    worker = Worker()
    try:
        with tempfile.TemporaryDirectory(prefix=SCRATCH) as scratch:
            runner = PixelRunner(shared, worker, Path(scratch))
            for command in commands:
                yield runner.run(command)
    finally:
        worker.stop()
