"""The command ``vicar-batch``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from monitor.batch.cluster import ClusterError, run_cluster
from monitor.batch.frames import Frame, ListError, frames, read
from monitor.batch.journal import DONE, FAILED, Journal, JournalError
from monitor.batch.runner import cores, run_local

EPILOG = """\
PROC is a procedure that gets the words of each line of LIST (`vicar-batch myproc frames.lis`), or a command line with
fields in braces: {path} {stem} {dir} {number} {line} {0} {1} ..., in a .csv list also its heading's names
(`vicar-batch 'gen {stem}.img 800 800 ival={1}' frames.lis`). LIST may be - for standard input.

Stopped or killed, the same command goes on where it was. Exit status: 0 all frames done, 1 some failed, 2 could not begin,
130 interrupted."""
QUIET = 30.0  # seconds between progress lines where there is no terminal


def parser() -> argparse.ArgumentParser:
    parse = argparse.ArgumentParser(prog="vicar-batch", description="Run a procedure over a list of frames, on all cores.",
                                    epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("proc", metavar="PROC")
    parse.add_argument("list", metavar="LIST")
    parse.add_argument("--jobs", type=int, default=cores(), metavar="N", help="frames at a time (default: all cores)")
    parse.add_argument("--journal", metavar="FILE", help="what is done (default: LIST.journal; batch.journal for -)")
    parse.add_argument("--retry-failed", action="store_true", help="run the frames again that failed before")
    parse.add_argument("--logs", metavar="DIR", help="leave one session log a frame there")
    parse.add_argument("--directory", default=".", metavar="DIR", help="where the frames run (default: here)")
    parse.add_argument("--work", metavar="DIR", help="run each frame in a directory of its own below this one, which appears"
                       " when the frame is done")
    parse.add_argument("--dask", metavar="ADDRESS", help="run on the dask cluster whose scheduler is at this address")
    parse.add_argument("--dry-run", action="store_true", help="only show the commands that would run")
    parse.add_argument("--no-host-commands", action="store_true", help="refuse USH")
    parse.add_argument("--clock", type=float, metavar="SECONDS", help="fixed time for labels, seconds since 1970 (default:"
                       " SOURCE_DATE_EPOCH if set, else the true time)")
    parse.add_argument("--user", default="", help="user name for labels")
    return parse


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(argv)
    try:
        return Run(options, sys.stderr).run()
    except (ListError, JournalError, ClusterError) as error:
        print(f"vicar-batch: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"vicar-batch: {error.filename or ''}: {error.strerror}", file=sys.stderr)
        return 2


class Run:
    """One run: what is asked for, what is left to do, what came out."""

    def __init__(self, options: argparse.Namespace, stream: IO[str]):
        if options.jobs < 1:
            raise ListError("--jobs must be at least 1")
        self.options = options
        self.progress = Progress(stream)
        self.directory = Path(options.work or options.directory).absolute()
        self.clock = options.clock
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if self.clock is None and epoch:
            try:
                self.clock = float(epoch)
            except ValueError:
                raise ListError(f"SOURCE_DATE_EPOCH is no number: {epoch}") from None
        text = sys.stdin.read() if options.list == "-" else Path(options.list).read_text(encoding="utf-8", errors="replace")
        base = Path(options.directory).absolute() if options.work else None
        rows = read(options.list, text)
        self.frames = frames(options.proc, rows, base)
        self.twice = len(rows) - len(self.frames)

    def run(self) -> int:
        options = self.options
        name = options.journal or ("batch.journal" if options.list == "-" else f"{options.list}.journal")
        if options.dry_run and not Path(name).exists():
            return self._show(self.frames)
        journal = Journal(Path(name), {"command": options.proc, "directory": str(self.directory)})
        try:
            again = (DONE,) if options.retry_failed else (DONE, FAILED)
            todo = [f for f in self.frames if journal.finished.get(f.key, {}).get("status") not in again]
            return self._show(todo) if options.dry_run else self._work(journal, todo)
        finally:
            journal.close()

    def _show(self, todo: list[Frame]) -> int:
        for frame in todo:
            print(frame.command)
        self.progress.say(f"{len(todo)} of {len(self.frames)} frames to do")
        return 0

    def _work(self, journal: Journal, todo: list[Frame]) -> int:
        if self.twice:
            self.progress.say(f"{self.twice} lines are in the list more than once: done once")
        if journal.unreadable:
            self.progress.say(f"{journal.unreadable} damaged lines in {journal.path}: their frames run again")
        before = len(self.frames) - len(todo)
        if before:
            self.progress.say(f"{before} of {len(self.frames)} frames were finished before")
        for folder in (self.directory, self.options.logs):
            if folder:
                Path(folder).mkdir(parents=True, exist_ok=True)
        failed = 0
        self.progress.begin(before, len(self.frames))
        reports = self._reports(journal, todo)
        try:
            for place, report in reports:
                frame = todo[place]
                journal.add({"key": frame.key, "name": frame.name, **report})
                if report["status"] == FAILED:
                    failed += 1
                    self.progress.say(f"failed: {frame.command}: {report['why']}")
                self.progress.step(failed)
        except KeyboardInterrupt:
            self.progress.end()
            self.progress.say("stopped; the same command goes on from here")
            return 130
        finally:
            reports.close()
        self.progress.end()
        return self._summary(journal)

    def _reports(self, journal: Journal, todo: list[Frame]) -> Any:
        jobs = [self._job(frame) for frame in todo]
        if self.options.dask:
            return run_cluster(jobs, self.options.dask)
        return run_local(jobs, self.options.jobs, (journal.descriptor,))

    def _job(self, frame: Frame) -> dict[str, Any]:
        options = self.options
        log = str(Path(options.logs, f"{frame.name}.log").absolute()) if options.logs else ""
        return {"command": frame.command, "directory": str(self.directory), "name": frame.name if options.work else "",
                "log": log, "clock": self.clock, "user": options.user, "host_commands": not options.no_host_commands}

    def _summary(self, journal: Journal) -> int:
        failed = list(self._failed(journal))
        self.progress.say(f"{len(self.frames) - len(failed)} of {len(self.frames)} frames done, {len(failed)} failed")
        for frame, why in failed:
            self.progress.say(f"  {frame.command}: {why}")
        if failed:
            self.progress.say("--retry-failed runs these again")
        return 1 if failed else 0

    def _failed(self, journal: Journal) -> Iterator[tuple[Frame, str]]:
        for frame in self.frames:
            entry = journal.finished.get(frame.key, {})
            if entry.get("status") == FAILED:
                yield frame, entry.get("why", "")


class Progress:
    """What the user sees: a bar on a terminal, now and then a line elsewhere."""

    def __init__(self, stream: IO[str]):
        self.stream = stream
        self.bar = stream.isatty()
        self.done = self.total = self.first = 0
        self.began = self.last = time.monotonic()

    def say(self, text: str) -> None:
        wipe = "\r\033[K" if self.bar else ""
        print(f"{wipe}{text}", file=self.stream, flush=True)

    def begin(self, done: int, total: int) -> None:
        self.done = self.first = done
        self.total = total
        self.began = self.last = time.monotonic()

    def step(self, failed: int) -> None:
        """One more frame is finished."""
        self.done += 1
        now = time.monotonic()
        rate = (self.done - self.first) / max(now - self.began, 1e-6)
        left = round((self.total - self.done) / rate)
        clock = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"
        text = f"{self.done}/{self.total}, {failed} failed, {rate:.2g} frames/s, {clock} left"
        if self.bar:
            part = self.done / max(self.total, 1)
            self.stream.write(f"\r\033[K[{'#' * round(30 * part):<30}] {text}")
            self.stream.flush()
        elif now - self.last >= QUIET:
            self.last = now
            self.say(text)

    def end(self) -> None:
        if self.bar:
            self.stream.write("\r\033[K")
            self.stream.flush()


if __name__ == "__main__":
    sys.exit(main())
