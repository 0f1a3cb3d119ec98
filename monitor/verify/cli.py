"""``vicar-verify``: run procedures and compare their session logs with the original's.

    vicar-verify PROC.pdf LOG...      one procedure against one or more recorded logs
    vicar-verify --tree DIR           every test procedure of a VICAR source tree that has a model
    vicar-verify --score SHARED       the reference data: what is reproduced, against testscripts/score.json

Exit status: 0 everything reproduced (or accepted for a written reason; with ``--score``: nothing lost), 1 not, 2 trouble.
"""

from __future__ import annotations

import argparse
import sys
from fnmatch import fnmatch
from pathlib import Path

from monitor.verify.masks import CONVENTIONS, folder_mask
from monitor.verify.report import ProgressBar, print_json, print_report
from monitor.verify.suites import Test, procedure_test, tree_tests
from monitor.verify.verdict import Outcome

TROUBLE = 2


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="vicar-verify",
        description=__doc__.split("\n\n")[0],
        epilog=__doc__.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("procedure", nargs="?", type=Path, metavar="PROC.pdf", help="procedure to run")
    made.add_argument("logs", nargs="*", type=Path, metavar="LOG", help="its session log, as the original wrote it")
    made.add_argument("--tree", type=Path, metavar="DIR", help="VICAR source tree (the folder that holds vos)")
    made.add_argument(
        "--models",
        type=Path,
        metavar="DIR",
        help="folder of TREE.PROGRAM.TEST.log; default: the logs archived in the tree",
    )
    made.add_argument("--score", type=Path, metavar="SHARED", help="run the reference data in this folder")
    made.add_argument("--update", action="store_true", help="with --score: list what is newly reproduced")
    made.add_argument("--readme", type=Path, metavar="FILE", help="with --score: write its table there (alone: nothing is run)")
    made.add_argument("--suite", action="append", help="with --score: only this suite (may be repeated)")
    made.add_argument("--only", metavar="PATTERN", help="only tests whose name matches, e.g. 'p2.gen.*'")
    made.add_argument(
        "--masks", choices=sorted(CONVENTIONS), default="native", help="what may differ (default: native)"
    )
    made.add_argument("--installed", metavar="DIR", help="also mask this installation folder in the logs")
    made.add_argument("--command", help="command to run instead of the procedure's name")
    made.add_argument("--known", metavar="REASON", help="keep our output as PROC.known.log")
    made.add_argument("--accept", metavar="REASON", help="keep our output as PROC.accepted.log")
    made.add_argument("--json", action="store_true", help="results as JSON")
    made.add_argument("--html", action="store_true", help="results as an HTML page with the logs side by side")
    made.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the results there")
    made.add_argument("--jobs", type=int, metavar="N", help="how many at a time (default: one a core)")
    made.add_argument("--timeout", type=float, metavar="S", help="seconds a procedure may take (default 120)")
    made.add_argument("--keep", type=Path, metavar="DIR", help="keep what each run left behind")
    made.add_argument("-q", "--quiet", action="store_true", help="list only what is not reproduced")
    return made


def main(arguments: list[str] | None = None) -> int:
    made = parser()
    options = made.parse_args(arguments)
    try:
        if options.score is not None:
            return score_command(options)
        tests = _tests(made, options)
        if options.known or options.accept:
            return _record(tests[0], options)
        outcomes = run(tests, options)
    except (OSError, ValueError) as error:
        print(f"vicar-verify: {error}", file=sys.stderr)
        return TROUBLE
    write(outcomes, options, f"{options.tree or options.procedure}")
    return 0 if outcomes and all(outcome.verdict.agreeable for outcome in outcomes) else 1


def _tests(made: argparse.ArgumentParser, options: argparse.Namespace) -> list[Test]:
    convention = CONVENTIONS[options.masks]
    if options.installed:
        convention = convention.with_mask(folder_mask(options.installed))
    if options.tree is not None:
        if not (options.tree / "vos").is_dir():
            raise ValueError(f"{options.tree} is no VICAR source tree: it has no folder vos")
        tests = tree_tests(options.tree.resolve(), options.models.resolve() if options.models else None)
        return [test for test in tests if options.only is None or fnmatch(test.name, options.only)]
    if options.procedure is None or not (options.logs or options.known or options.accept):
        made.error("give PROC.pdf and at least one LOG, or --tree DIR, or --score SHARED")
    for path in (options.procedure, *options.logs):
        if not path.is_file():
            raise ValueError(f"{path}: no such file")
    return [procedure_test(options.procedure, options.logs, convention, options.command)]


def run(tests: list[Test], options: argparse.Namespace) -> list[Outcome]:
    from dataclasses import replace

    from monitor.verify.run import run_tests

    if options.timeout:
        tests = [replace(test, timeout=options.timeout) for test in tests]
    return run_tests(tests, options.jobs, options.keep, sides=options.html, progress=ProgressBar(sys.stderr))


def write(outcomes: list[Outcome], options: argparse.Namespace, title: str) -> None:
    """The results in the form that was asked for."""
    out = open(options.output, "w", encoding="utf-8") if options.output else sys.stdout
    try:
        if options.html:
            from monitor.verify.html import page

            out.write(page(outcomes, f"vicar-verify {title}"))
        elif options.json:
            print_json(outcomes, out)
        else:
            print_report(outcomes, out, verbose=not options.quiet)
    finally:
        if options.output:
            out.close()


def _record(test: Test, options: argparse.Namespace) -> int:
    """Run once and keep our log as known or accepted."""
    import tempfile

    from monitor.verify.pool import Worker
    from monitor.verify.record import RefusedModel, record
    from monitor.verify.run import SCRATCH, job

    worker = Worker()
    with tempfile.TemporaryDirectory(prefix=SCRATCH) as scratch:
        folder, home = Path(scratch, "run"), Path(scratch, "home")
        folder.mkdir()
        home.mkdir()
        test.prepare(folder)
        try:
            report = worker.run(job(test, folder, home), options.timeout or test.timeout)
            if report.crash:
                raise ValueError(f"nothing to keep: {report.crash}")
            kind, reason = ("accepted", options.accept) if options.accept else ("known", options.known)
            path = record(test.kept(kind), (folder / test.log).read_bytes(), kind, reason)
        except RefusedModel as error:
            raise ValueError(str(error)) from error
        finally:
            worker.stop()
    print(path)
    return 0


def score_command(options: argparse.Namespace) -> int:
    from monitor.verify.scoring import command

    return command(options)


if __name__ == "__main__":
    sys.exit(main())
