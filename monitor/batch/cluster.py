"""The same frames on a dask.distributed cluster: one process of ``monitor.batch.worker`` a cluster thread.

Frames do not run inside dask's own worker process: numpy must be set up before its first import, and a crash must cost one
frame. Needs the extra ``dask``, a file system that all machines share, and the same version of this package everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

WAITING = 4  # frames a cluster thread may have in front of it


class ClusterError(Exception):
    """No cluster; the text says why, in a sentence."""


def run_there(job: dict[str, Any]) -> dict[str, Any]:
    """Runs in a dask worker: hand the frame to this thread's own process."""
    from distributed import get_worker

    from monitor.batch.runner import Worker

    here = get_worker()
    processes = here.__dict__.setdefault("vicar_processes", {})
    return processes.setdefault(threading.get_ident(), Worker()).run(job)


def run_cluster(jobs: list[dict[str, Any]], address: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Run jobs on the cluster at ``address``; yields (place in the list, report) as they finish."""
    try:
        from distributed import Client, KilledWorker, as_completed
    except ImportError:
        raise ClusterError("--dask needs dask.distributed: pip install 'vicar-tae[dask]'") from None
    try:
        client = Client(address, timeout=20)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"no dask scheduler answers at {address} ({error})") from None
    with client:
        client.wait_for_workers(1)
        width = WAITING * max(1, sum(client.nthreads().values()))
        places = iter(range(len(jobs)))
        pending: dict[Any, int] = {}
        finished = as_completed()

        def submit() -> None:
            place = next(places, None)
            if place is not None:
                future = client.submit(run_there, jobs[place], pure=False)
                pending[future] = place
                finished.add(future)

        for _ in range(width):
            submit()
        while pending:
            future = next(finished)
            place = pending.pop(future)
            if future.status == "finished":
                report = future.result()
            else:
                fault = future.exception()
                if not isinstance(fault, KilledWorker):  # not the frame's fault: the cluster cannot run any
                    raise ClusterError(f"the cluster cannot run frames: {fault}")
                report = {"status": "failed", "why": "its dask worker was lost several times", "seconds": 0.0}
            yield place, report
            submit()
