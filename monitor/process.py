"""Start and end of a process that runs one command: mostly what makes it short."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import NoReturn

CLOSED_PIPE = 141  # what a shell says of a program whose reader has gone
YOUNG = 20_000  # new objects between two looks for cycles; importing makes some hundred thousand that stay


def prepare() -> None:
    """To be called before numpy is imported.

    numpy must use the C library's single values for sin, exp, log and pow, and no threads of its own.
    """
    os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(YOUNG)


def leave(status: int) -> NoReturn:
    """End the process: exit handlers run and streams are flushed, but the modules are not taken apart one by one, which takes
    longer than many a program. With threads that are still at work the end is the usual one."""
    threading = sys.modules.get("threading")
    if threading is not None:
        others = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
        if others:
            sys.exit(status)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # whoever started us may have closed it
                stream.flush()
        except BrokenPipeError:
            status = CLOSED_PIPE
        except OSError:
            status = status or 1
    os._exit(status)
