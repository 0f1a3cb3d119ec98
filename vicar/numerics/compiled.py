"""Loops over pixels that numpy cannot express, compiled by numba where the image is large enough to be worth it.

A kernel is plain Python over arrays, written so that every operation has the type it is meant to have: numba computes
integer with float32 as float64, so integers are converted by name. Kernels run without the interpreter's lock; lines that do
not depend on each other are shared out to threads by `in_parts`. A program keeps its numpy way for small images and for
machines without numba; tests compare both.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cached_property
from types import FunctionType

import numpy as np

LARGE = 400_000  # pixels of a costly kernel from which importing numba (a quarter of a second) pays


class Kernel:
    """A function that numba can compile, and the number of pixels from which that is worth while.

    It may call other kernels of its module by their names: they are compiled with it, or run as they are.
    """

    def __init__(self, function: Callable, above: int):
        self.function, self.above = function, above
        self.__doc__ = function.__doc__

    def __call__(self, *values):
        return self.plain(*values)

    def pick(self, pixels: int) -> Callable | None:
        """The compiled function, or None where the caller should go its other way."""
        if pixels < (self.above if "numba" not in sys.modules else self.above // 8):
            return None
        try:
            return self.compiled
        except ImportError:
            return None

    def best(self, size: int) -> Callable:
        """The compiled function where that is worth while, else the plain one."""
        return self.pick(size) or self.plain

    @cached_property
    def plain(self) -> Callable:
        """The function in Python."""
        return self._joined("plain")

    @cached_property
    def compiled(self) -> Callable:
        """The function compiled; ImportError without numba."""
        import numba

        options = {"nogil": True, "error_model": "numpy"}
        try:
            return numba.njit(cache=True, **options)(self._joined("compiled"))
        except RuntimeError:  # nowhere to keep the code
            return numba.njit(**options)(self._joined("compiled"))

    def _joined(self, form: str) -> Callable:
        """The function with the kernels it calls in their ``form``."""
        names, wanted = self.function.__globals__, self.function.__code__.co_names
        called = {name: getattr(names[name], form) for name in wanted if isinstance(names.get(name), Kernel)}
        if not called:
            return self.function
        return FunctionType(self.function.__code__, {**names, **called}, self.function.__name__, self.function.__defaults__)


def kernel(above: int = LARGE) -> Callable[[Callable], Kernel]:
    """Declare a kernel: ``@kernel(above=pixels)``."""
    return lambda function: Kernel(function, above)


def as_input(array: np.ndarray) -> np.ndarray:
    """The array as kernels take it: contiguous, aligned, read-only, so that there is one compiled form of each type."""
    view = np.require(array, requirements=("C", "A")).view()
    view.flags.writeable = False
    return view


def in_parts(work: Callable[[int, int], None], count: int, least: int = 1) -> None:
    """``work(start, stop)`` for parts of ``range(count)`` of at least ``least``, in a thread for each processor.

    For work that releases the lock and whose parts do not depend on each other. The first error of a part is raised.
    """
    parts = max(1, min(_processors(), count // max(least, 1)))
    if parts == 1:
        work(0, count)
        return
    from concurrent.futures import ThreadPoolExecutor

    edges = [count * part // parts for part in range(parts + 1)]
    with ThreadPoolExecutor(parts - 1) as pool:
        others = [pool.submit(work, start, stop) for start, stop in zip(edges[1:], edges[2:])]
        work(0, edges[1])
        for other in others:
            other.result()


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
