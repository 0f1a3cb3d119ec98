"""Labels, images and tables: the run-time library beside numpy, GDAL (rasterio) and rms-vicar.

The two other readers are optional: rasterio is one of the extra ``peers``; rms-vicar has our package name, so it lies in a folder
of its own (``pip install --target FOLDER rms-vicar``, ``RMS_VICAR=FOLDER``) and is timed in a process of its own. Times are
processor time, user and system: what waits for a disk or for other processes says nothing about a library.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from testscripts.bench.frame import Missing, row
from testscripts.bench.rows import USER

LABELS = 50  # labels read in one run


def blank(path: Path, nl: int, ns: int, form: str) -> Path:
    """A labelled file of zeros; large ones are sparse."""
    from vicar.image import create_image

    with create_image(path, nl=nl, ns=ns, nb=1, format=form, u_format=form):
        pass
    return path


def with_history(path: Path) -> Path:
    """A small image with ten history tasks of ten items."""
    from vicar.image import HistoryStamp, open_image

    blank(path, 10, 10, "BYTE")
    for task in range(10):
        with open_image(path, "UPDATE", upd_hist=HistoryStamp(f"TASK{task}", USER, "Wed Nov  3 10:11:12 2021")) as made:
            for number in range(10):
                made.label.add(f"VALUE{number}", (number, number / 2, f"text {number}")[number % 3], task=f"TASK{task}")
    return path


def each(work: Callable[[], object], times: int = LABELS) -> Callable[[], float]:
    """Milliseconds of one call, from many."""

    def timed() -> float:
        begin = time.process_time()
        for _ in range(times):
            work()
        return 1000.0 * (time.process_time() - begin) / times

    return timed


def whole_label(path: Path) -> Callable[[], object]:
    """Reads a label and decodes every item of it."""
    from vicar import read_label

    def work() -> None:
        label = read_label(path)
        sets = [list(label.items())]
        sets += [list(label.items(property=name, instance=n)) for name, n in label.properties()]
        sets += [list(label.items(task=name, instance=n)) for name, n in label.tasks()]
        assert len(sets) == 12

    return work


@row("label", "a label of ten tasks, every item decoded", against="reading the bytes")
def label(folder: Path):
    path = with_history(folder / "label.img")
    return each(whole_label(path)), each(path.read_bytes)


@row("label-gdal", "the same beside GDAL, every item as JSON", against="rasterio", most=1)
def label_gdal(folder: Path):
    try:
        import rasterio
    except ImportError:
        raise Missing("needs rasterio (pip install vicar-tae[peers])") from None
    warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
    path = with_history(folder / "label.img")

    def theirs() -> None:
        with rasterio.open(path) as dataset:
            assert dataset.tags(ns="json:VICAR")

    return each(whole_label(path)), each(theirs)


_RMS = """
import sys, time
sys.path.insert(0, sys.argv[1])
from vicar import VicarLabel
VicarLabel.from_file(sys.argv[2])
begin = time.process_time()
for _ in range(3):
    VicarLabel.from_file(sys.argv[2])
print(1000.0 * (time.process_time() - begin) / 3)
"""


@row("label-rms", "the same beside rms-vicar", against="rms-vicar", most=0.05)
def label_rms(folder: Path):
    other = os.environ.get("RMS_VICAR")
    if not other:
        raise Missing("needs rms-vicar in a folder of its own (RMS_VICAR)")
    path = with_history(folder / "label.img")

    def theirs() -> float:
        command = [sys.executable, "-c", _RMS, other, str(path)]
        return float(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)

    return each(whole_label(path)), theirs


@row("window", "512x512 of a 20000x20000 BYTE image, opening included", limit=5, against="numpy.memmap")
def window(folder: Path):
    import numpy as np

    from vicar.image import open_image

    path = blank(folder / "large.img", 20000, 20000, "BYTE")
    with open_image(path) as read:
        start = read.geometry.image_offset

    def work() -> None:
        with open_image(path) as read:
            assert read.read_window(9000, 9000, 512, 512).shape == (512, 512)

    def plain() -> None:
        mapped = np.memmap(path, np.uint8, "r", start, (20000, 20000))
        np.array(mapped[8999:9511, 8999:9511])

    return each(work), each(plain)


def half(order: str):
    """4000 x 4000 values that are all different kinds of 16 bits, their dtype in the file, and how it is written."""
    import numpy as np

    values = np.arange(4000 * 4000, dtype=np.int16).reshape(4000, 4000)
    return values, np.dtype("<i2" if order == "LOW" else ">i2"), {"nl": 4000, "ns": 4000, "nb": 1, "format": "HALF", "intfmt": order}


def half_read(order: str) -> Callable:
    def prepare(folder: Path):
        import numpy as np

        from vicar.image import create_image, open_image

        values, stored, options = half(order)
        with create_image(folder / "half.img", **options) as made:
            made.write_window(values)
            start = made.geometry.image_offset

        def work() -> None:
            with open_image(folder / "half.img") as read:
                assert read.read_window().shape == (4000, 4000)

        return each(work, 4), each(lambda: np.fromfile(folder / "half.img", stored, 4000 * 4000, offset=start), 4)

    return prepare


def half_write(order: str) -> Callable:
    def prepare(folder: Path):
        from vicar.image import create_image

        values, stored, options = half(order)

        def work() -> None:
            (folder / "made.img").unlink(missing_ok=True)
            with create_image(folder / "made.img", **options) as made:
                made.write_window(values)

        def plain() -> None:
            (folder / "plain.img").unlink(missing_ok=True)
            values.astype(stored, copy=False).tofile(folder / "plain.img")

        return each(work, 4), each(plain, 4)

    return prepare


for _order in ("LOW", "HIGH"):
    row(f"read-{_order.lower()}", f"4000x4000 HALF {_order}, whole", against="numpy.fromfile", most=1.3)(half_read(_order))
    row(f"write-{_order.lower()}", f"4000x4000 HALF {_order}, whole", against="numpy.tofile", most=1.3)(half_write(_order))
