"""Command line of the benchmarks."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4")

from testscripts.bench import files, language, programs, rows  # noqa: F401 - declare the rows
from testscripts.bench.frame import ROWS, line, measure


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m testscripts.bench", description="Benchmarks, each beside a reference."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"rows to run: {', '.join(row.name for row in ROWS)}")
    parser.add_argument("--repeat", type=int, metavar="N", help="runs of each row")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="fail when a limit is exceeded or a row cannot run")
    options = parser.parse_args()
    unknown = set(options.names) - {row.name for row in ROWS}
    if unknown:
        parser.error(f"no row {', '.join(sorted(unknown))}")
    results = []
    for row in ROWS:
        if options.names and row.name not in options.names:
            continue
        with tempfile.TemporaryDirectory(prefix="vicar-bench-") as scratch:
            results.append(measure(row, Path(scratch), options.repeat))
        if not options.json:
            print(line(results[-1]), flush=True)
    if options.json:
        json.dump([result.as_json() for result in results], sys.stdout, indent=1)
        print()
    return int(options.check and not all(result.within for result in results))


if __name__ == "__main__":
    sys.exit(main())
