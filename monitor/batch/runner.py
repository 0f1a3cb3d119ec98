"""Frames spread over worker processes; results come back one at a time."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.process import prepare

ROOT = Path(__file__).resolve().parents[2]
ATTEMPTS = 2  # a frame whose worker was killed runs once more, in a new one


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Worker:
    """One process of ``monitor.batch.worker``; started when needed, and again after it was lost."""

    def __init__(self, held: tuple[int, ...] = ()):
        self.held = held  # descriptors the process keeps open: the journal's lock
        self.process: subprocess.Popen[bytes] | None = None

    def _start(self) -> subprocess.Popen[bytes]:
        prepare()
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])
        for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS"):
            environment.setdefault(name, "1")  # the frames already fill the cores
        return subprocess.Popen(
            [sys.executable, "-m", "monitor.batch.worker", str(os.getpid()), *map(str, self.held)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, pass_fds=self.held,
        )

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run a frame; if its process is killed, once more."""
        how = ""
        for _ in range(ATTEMPTS):
            if self.process is None:
                self.process = self._start()
            assert self.process.stdin is not None and self.process.stdout is not None
            try:
                self.process.stdin.write(json.dumps(job).encode() + b"\n")
                self.process.stdin.flush()
                answer = self.process.stdout.readline()
                if answer.endswith(b"\n"):
                    return json.loads(answer)
            except BrokenPipeError:
                pass
            code = self.process.wait()
            self.stop()
            how = f"signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"exit status {code}"
        return {"status": "failed", "why": f"its process ended {ATTEMPTS} times: {how}", "seconds": 0.0}

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except BrokenPipeError:
                pass


def run_local(jobs: list[dict[str, Any]], size: int, held: tuple[int, ...] = ()) -> Iterator[tuple[int, dict[str, Any]]]:
    """Run jobs on ``size`` processes; yields (place in the list, report) as they finish."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    for place in range(len(jobs)):
        waiting.put(place)
    workers = [Worker(held) for _ in range(min(size, len(jobs)))]
    over = threading.Event()

    def serve(worker: Worker) -> None:
        # The process lives as long as this thread: it is started here, and ends with its starter.
        while not over.is_set():
            try:
                place = waiting.get_nowait()
            except queue.Empty:
                break
            try:
                done.put((place, worker.run(jobs[place])))
            except BaseException as error:
                done.put((place, error))
        worker.stop()

    threads = [threading.Thread(target=serve, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        for _ in range(len(jobs)):
            place, report = done.get()
            if isinstance(report, BaseException):
                if not isinstance(report, OSError):
                    raise report
                report = {"status": "failed", "why": f"no process for it: {report.strerror}", "seconds": 0.0}
            yield place, report
    finally:
        over.set()
        for worker in workers:
            process = worker.process
            if process is not None:
                process.kill()
