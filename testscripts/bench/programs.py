"""One row a program: a command on large images beside plain numpy doing the same work, and beside the original.

``native`` are seconds of the original, compiled natively (x86-64, gcc and gfortran 12, -O) and run from the shell on the machine
this project was written on: medians of nine runs, November 2026. Times of another machine compare with numpy's, not with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from testscripts.bench.case import INPUTS, Case
from testscripts.bench.frame import Row, declare
from testscripts.bench.further import FURTHER
from testscripts.bench.last import LAST
from testscripts.bench.plain import bilinear, box
from testscripts.bench.rows import session
from testscripts.bench.wave1 import FIRST_WAVE
from testscripts.bench.wave2 import WAVE2
from testscripts.bench.wave3 import WAVE3


def weights(image):
    """A 3x3 convolution."""
    import numpy as np

    big = np.pad(image, 1, mode="symmetric").astype(np.float32)
    nl, ns = image.shape
    kernel = ((1, 2, 1), (2, 4, 2), (1, 2, 1))
    total = sum(kernel[y][x] * big[y : y + nl, x : x + ns] for y in range(3) for x in range(3))
    return np.clip(total / 16, 0, 255).astype(np.uint8)


def middle(image, size: int):
    """Median of windows, a band of lines at a time."""
    import numpy as np

    big = np.lib.stride_tricks.sliding_window_view(np.pad(image, size // 2, mode="symmetric"), (size, size))
    return np.concatenate([np.median(band.reshape(*band.shape[:2], -1), axis=2).astype(np.uint8) for band in big[:, None]])


def numbers(image):
    return "\n".join("".join(f"{value:4d}" for value in row) for row in image.tolist()).encode()


def noise(shape):
    import numpy as np

    return np.clip(np.random.default_rng(1).normal(128, 30, shape), 0, 255).astype(np.uint8)


def ramp(shape):
    import numpy as np

    return (np.arange(shape[0])[:, None] + np.arange(shape[1])).astype(np.uint8)


def lookup(image, low: int, high: int):
    import numpy as np

    return np.clip((np.arange(256) - low) * 255 / (high - low), 0, 255).astype(np.uint8)[image]


def with_area(image):
    image = image.copy()
    image[99:1099, 99:1099] = 7
    return image


def histogram(image):
    import numpy as np

    np.bincount(image.ravel(), minlength=256)


CASES = [
    Case("gen", (), "gen o 4000 4000", lambda: ramp((4000, 4000)), 0.0247),
    Case("gen-comp", (), "gen o 2000 2000 'comp", lambda: ramp((2000, 2000)).astype("c8")),
    Case("list", ("a",), "list a size=(1,1,500,500)", lambda a: numbers(a[:500, :500]), 0.0357),
    Case("copy", ("a",), "copy a o", lambda a: a, 0.0110),
    Case("copy-window", ("h",), "copy h o size=(101,101,3000,3000)", lambda h: h[100:3100, 100:3100], 0.0124),
    Case("cform", ("h",), "cform h o 'half oform=byte irange=(0,8000) orange=(0,255)", lambda h: (h * 0.031875).astype("u1")),
    Case("difpic", ("a", "c"), "difpic (a,c) o", lambda a, c: a.astype("i2") - c, 0.0337),
    Case("hist", ("a",), "hist a", histogram, 0.0179),
    Case("maxmin", ("r",), "maxmin r", lambda r: (r.max(), r.min()) and None, 0.0258),
    Case("size-zoom", ("n",), "size n o zoom=2", lambda n: bilinear(n.repeat(2, 0).repeat(2, 1)), 0.0818),
    Case("size-noin", ("n",), "size n o 'noin zoom=2", lambda n: n.repeat(2, 0).repeat(2, 1), 0.0764),
    Case("size-shrink", ("a",), "size a o zoom=-2", lambda a: a.reshape(2000, 2, 2000, 2).mean((1, 3)).astype("u1"), 0.0488),
    Case("stretch", ("a",), "stretch a o linear=(10,200)", lambda a: lookup(a, 10, 200), 0.0166),
    Case("f2-byte", ("a",), "f2 a o function=\"in1*2+3\"", lambda a: (a * 2.0 + 3).clip(0, 255).astype("u1"), 0.0196),
    Case("f2-real", ("r2",), "f2 r2 o function=\"sqrt(in1)+1\"", lambda r: r**0.5 + 1, 0.1035),
    Case("filter", ("a",), "filter a o nlw=3 nsw=3 weights=(1,2,2,4)", weights, 0.4227),
    Case("median", ("b",), "median b o nlw=7 nsw=7", lambda b: middle(b, 7), 0.0211),
    Case("boxflt2", ("a",), "boxflt2 a o nlw=11 nsw=11", lambda a: box(a, 11), 0.1195),
    Case("fft22", ("b",), "fft22 b o", lambda b: __import__("numpy").fft.fft2(b).astype("c8"), 0.0321),
    Case("fft22-4096", ("q",), "fft22 q o", lambda q: __import__("numpy").fft.fft2(q).astype("c8"), 0.5296),
    Case(
        "lgeom",
        ("a",),
        "lgeom a o nah=1 nav=1 tiepoint=(1,1,10,20,1,4000,20,4030,4000,1,4020,5,4000,4000,4010,4000)",
        bilinear,
        0.1468,
    ),
    Case("mss", ("a", "c"), "mss (a,c) o", lambda a, c: __import__("numpy").hstack([a, c]), 0.0181),
    Case("average", ("a", "c"), "average (a,c) o", lambda a, c: ((a.astype("f4") + c) / 2).astype("u1"), 0.0764),
    Case("lave", ("a",), "lave a o", lambda a: a.mean(1), 0.0300),
    Case("gausnois", (), "gausnois o 2000 2000 mean=128 sigma=30", lambda: noise((2000, 2000)), 0.1161),
    Case(
        "insect",
        ("n",),
        "insect (n,n) o size=(1,1,2000,4000) insect=(1,1,2000,2000,1,2001)",
        lambda n: __import__("numpy").hstack([n, n]),
        0.0167,
    ),
    Case("qsar", ("a",), "qsar a o area=(100,100,1000,1000,7)", with_area, 0.0339),
    Case("flot", ("a",), "flot a o", lambda a: a[::-1, ::-1], 0.0996),
    Case("label-list", ("a",), "label-list a", lambda a: None, 0.0029),
    Case("ibis-list", (), "ibis-list t nr=2000", lambda: numbers(ramp((2000, 6))), 0.0088, ("ibis-gen t nr=2000 nc=6",)),
    *FURTHER,
    *LAST,
    *WAVE2,
    *WAVE3,
    *FIRST_WAVE,
]


def prepared(case: Case, folder: Path) -> tuple[Callable, Callable]:
    ours = session(folder)
    (folder / "words.txt").write_text("some words\n" * 100)
    if case.files:
        case.files(folder)
    for name in case.inputs:
        ours.run_command_line(INPUTS[name][0], slogon=False)
    for command in case.before:
        ours.run_command_line(command, slogon=False)
    writes = re.search(r"[ (]o\b(?!=)", case.command) is not None

    def work() -> None:
        for name in ("o", "p", "made"):
            (folder / name).unlink(missing_ok=True)
        assert ours.run_command_line(case.command, slogon=False) == 0, f"{case.command}: failed"
        assert (folder / "o").exists() == writes, f"{case.command}: no output"

    def plain() -> None:
        result = case.plain(*(pixels(folder / name, *INPUTS[name][1:]) for name in case.inputs))
        if isinstance(result, bytes):
            (folder / "plain").write_bytes(result)
        elif result is not None:
            result.tofile(folder / "plain")

    return work, plain


def pixels(path: Path, format: str, size: int):
    """The pixels at the end of a square image, read."""
    import numpy as np

    dtype = np.dtype(format)
    wanted = size * size
    return np.fromfile(path, dtype, wanted, offset=path.stat().st_size - wanted * dtype.itemsize).reshape(size, size)


for _case in CASES:
    declare(
        Row(
            _case.name, _case.command, lambda folder, case=_case: prepared(case, folder), against="numpy", repeat=3,
            native=None if _case.native is None else 1000 * _case.native,
        )
    )  # fmt: skip
