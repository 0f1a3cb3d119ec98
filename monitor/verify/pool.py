"""Worker processes that stay alive between jobs; a crash or an endless loop ends one worker, never the run."""

from __future__ import annotations

import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Report:
    """What a worker says about one job; ``crash`` is empty unless the worker died, an exception escaped or time ran out."""

    status: int | None = None
    crash: str = ""
    programs: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0
    traceback: str = ""


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Worker:
    """One process of ``monitor.verify.worker``, started when first needed and again after it was lost."""

    def __init__(self, command: list[str] | None = None):
        self.command = command or [sys.executable, "-m", "monitor.verify.worker"]
        self.process: subprocess.Popen[bytes] | None = None

    def _start(self) -> subprocess.Popen[bytes]:
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])
        environment.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4")
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
            environment.setdefault(name, "1")
        return subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )

    def run(self, job: dict[str, Any], timeout: float) -> Report:
        begin = time.perf_counter()
        if self.process is None or self.process.poll() is not None:
            self.process = self._start()
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return self._lost(begin)
        line = self._read(timeout)
        if line is None:
            self.stop()
            return Report(crash=f"no end after {timeout:g} s", seconds=time.perf_counter() - begin)
        if not line:
            return self._lost(begin)
        return Report(**json.loads(line))

    def _read(self, timeout: float) -> bytes | None:
        """The answer; None when time ran out, empty when the process ended."""
        assert self.process is not None and self.process.stdout is not None
        descriptor, data, end = self.process.stdout.fileno(), b"", time.monotonic() + timeout
        while not data.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return None
            piece = os.read(descriptor, 1 << 16)
            if not piece:
                return b""
            data += piece
        return data

    def _lost(self, begin: float) -> Report:
        assert self.process is not None
        code = self.process.wait()
        self.stop()
        how = f"signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"exit status {code}"
        return Report(crash=f"the process ended: {how}", seconds=time.perf_counter() - begin)

    def stop(self) -> None:
        """End the process and whatever it started."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass
        self.process = None


class Pool:
    """Runs functions that need a worker, ``size`` at a time.

    ``run(tasks)`` takes callables ``task(worker) -> result`` and yields ``(index, result)`` as they finish.
    """

    def __init__(self, size: int | None = None):
        self.workers = [Worker() for _ in range(size or cores())]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in self.workers:
            worker.stop()

    def run(self, tasks: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        waiting: queue.SimpleQueue = queue.SimpleQueue()
        done: queue.SimpleQueue = queue.SimpleQueue()
        count = 0
        for number, task in enumerate(tasks):
            waiting.put((number, task))
            count += 1

        def serve(worker: Worker) -> None:
            while True:
                try:
                    number, task = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    done.put((number, task(worker), None))
                except BaseException as error:
                    done.put((number, None, error))

        threads = [threading.Thread(target=serve, args=(worker,), daemon=True) for worker in self.workers[:count]]
        for thread in threads:
            thread.start()
        for _ in range(count):
            number, result, error = done.get()
            if error is not None:
                raise error
            yield number, result
        for thread in threads:
            thread.join()
