"""Rows of a mesh, of files' names and numbers, and of frames that SPICE kernels go with; as in ``programs``.

``native`` are seconds of user and system time here, the least of five runs of the original on a machine that was busy.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from testscripts.bench.case import Case
from testscripts.bench.frame import Missing, Row, declare

POINTS = 200_000
MESH = (
    f"ush awk -v v=v -v f=f 'BEGIN {{ for (i = 0; i < {POINTS}; i++) print v, i % 447, int(i / 447), (i * 7919 % 1009) / 1009; "
    f"for (i = 1; i < {POINTS - 1}; i++) print f, i, i + 1, i + 2 }}' > mesh.obj"
)
UNGENERATE = (
    f"ush PYTHONPATH={Path(__file__).resolve().parents[1] / 'arc2graf'} {sys.executable} -c "
    "'from prepare import *; lines(chr(98), [(1 + k % 3, ring(200, k)) for k in range(500)])'"
)
PIECES = (  # 400 circles, each of five strings of eleven points that are not in order
    "f2 out=k nl=4 ns=72000 'real fun=\"int((samp-1)/3)\"",
    'f2 k t fun="(mod(int(in1/12)*3,5)*10+mod(in1,12))*0.1256637"',
    'f2 k c fun="int(in1/60)"',
    'f2 (k,t,c) u fun="(samp-1-3*in1.eq.0)*(1300+(5+3*in3)*cos(in2))+(samp-1-3*in1.eq.1)*(1300+(5+3*in3)*sin(in2))"',
    'f2 (k,u,c) b fun="(in2+(samp-1-3*in1.eq.2)*(20+10*in3))*(mod(in1,12).ne.11)"',
    "ush printf 'procedure\\nbody\\nush cp b d\\n"
    "clabel d minlen=50 fontht=2 img_nl=2600 img_ns=2600\\nend-proc\\n' > labels.pdf",
)  # fmt: skip
MODEL = (  # round holes of many sizes
    "f2 out=v nl=500 ns=500 'half fun=\"400+200*sin(line/31)*cos(samp/27)-(sin(line/9)*sin(samp/11).gt.0.93)*3000\"",
    'gtgen v f geotiff=("ModelTiepointTag=(0,0,0,100.,200.,0)","ModelPixelScaleTag=(1.,1.,0)")',
    "gen c 300 300 'half",
    'gtgen c g geotiff=("ModelTiepointTag=(0,0,0,95.,205.,0)","ModelPixelScaleTag=(2.,2.,0)")',
)
INPUTS = Path(__file__).resolve().parent.parent / "inputs"


def plane():
    """Normal of the same points, from text as well."""
    import numpy as np

    index = np.arange(POINTS)
    text = b"\n".join(b"%d %d %.6g" % row for row in zip(index % 447, index // 447, index * 7919 % 1009 / 1009, strict=True))
    points = np.array(text.split(), np.float32).reshape(-1, 3)
    return np.linalg.svd(points - points.mean(0), full_matrices=False)[2][-1]


def chained():
    """Ends of 2000 strings, each looked for among all points."""
    import numpy as np

    points = np.arange(3 * 24_000, dtype=np.float32).reshape(-1, 3)
    return [np.flatnonzero(np.abs(points - points[end]).max(1) < 0.0009) for end in range(0, 24_000, 12)] and None


def filled():
    """Round holes of the same image from their surroundings, step by step."""
    import numpy as np

    line, samp = np.indices((500, 500), np.float32)
    heights = 400 + 200 * np.sin(line / 31) * np.cos(samp / 27)
    hole = np.sin(line / 9) * np.sin(samp / 11) > 0.93
    for _ in range(100):
        around = sum(np.roll(heights, step, axis) for step in (1, -1) for axis in (0, 1)) / 4
        heights[hole] = around[hole]
    return heights.astype(np.int16).size and None


def counted(a):
    """Histogram, mean and deviation."""
    import numpy as np

    return (np.histogram(a, 256), a.mean(dtype=np.float64), a.std(dtype=np.float64)) and None


def coordinates():
    """Numbers of 100 000 records of the same size."""
    import numpy as np

    return np.frombuffer(b"%15.6f%15.6f\0\0" % (100.5, 50.25) * 100_000, "S15,S15,S2")["f0"].astype(float).size and None


def lines():
    return [line.decode() for line in b"\n".join(b"%d" % n for n in range(100, 400)).split(b"\n")] and None


LAST = [
    Case("hist of p3", ("a",), "$R3LIB/hist a", counted, 0.026),
    Case("hist of p3 half", ("h",), "$R3LIB/hist h", counted, 0.059),
    Case("hist of p3 real", ("r",), "$R3LIB/hist r", counted, 0.076),
    Case("file2tcl", ("s",), "file2tcl s", lambda s: s.shape and None, 0.013),
    Case("arc2graf", (), "arc2graf b o 'all", coordinates, 0.25, (UNGENERATE,)),
    Case("clabel", (), "labels", chained, 0.072, PIECES),
    Case("demfix", (), "demfix (f,g) o thresh=0", filled, 0.024, MODEL),
    Case("obj2plane", (), "obj2plane mesh.obj o algo=svd", plane, 0.112, (MESH,)),
    Case("obj2plane regression", (), "obj2plane mesh.obj o algo=regression", plane, 0.120, (MESH,)),
    Case("chkspace_unix", (), "chkspace_unix k room", lambda: int(b"1234567") and None, 0.002, ("ush echo 1234567 > k", "local room int")),
    Case("wildcard_unix", (), "wildcard_unix list names", lines, 0.001, ("ush seq 100 399 > list", "local names string count=0:400")),
]  # fmt: skip


def flyby(command: str) -> Callable[[Path], tuple[Callable, Callable | None]]:
    """A command on frames of made-up flybys; beside it bilinear interpolation of a million pixels."""

    def prepare(folder: Path):
        try:
            import spiceypy  # noqa: F401
        except ImportError:
            raise Missing("spiceypy") from None
        import numpy as np

        from monitor.session import Session

        text = "from made_kernels import *\nmake()\nvoyager_frame('io1')\nvoyager_frame('io3', scet='79.063 19:53:00')"
        subprocess.run([sys.executable, "-c", text], cwd=folder, env={"PYTHONPATH": str(INPUTS)}, check=True)
        session = Session(directory=folder, environment={"SPICE_CONFIG_FILE": "ms_config"}, output=None)
        pixels = np.arange(260 * 260).reshape(260, 260) % 251
        rows, samples = np.indices((1024, 1024)) / 4.0

        def work() -> None:
            (folder / "o").unlink(missing_ok=True)
            assert session.run_command_line(command, slogon=True) == 0, f"{command}: failed"

        def plain() -> None:
            top, left = rows.astype(int), samples.astype(int)
            y, x = rows - top, samples - left
            upper = pixels[top, left] * (1 - x) + pixels[top, left + 1] * x
            lower = pixels[top + 1, left] * (1 - x) + pixels[top + 1, left + 1] * x
            (upper * (1 - y) + lower * y).astype(np.uint8).tofile(folder / "plain")

        return work, plain

    return prepare


for _name, _command, _native in (
    ("ptp", "ptp io1 o ref=io3 target=io size=(1,1,1024,1024)", 26),
    ("ptp exact", "ptp io1 o ref=io3 target=io size=(1,1,1024,1024) 'exact", 30),
    ("getpc", "getpc io1 target=io", 26), ("getll", "getll io1 (130,130) 'toll target=io", 19),
):  # fmt: skip
    declare(Row(_name, _command, flyby(_command), against="numpy", repeat=3, native=_native))
