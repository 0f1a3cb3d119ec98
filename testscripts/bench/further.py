"""Rows of programs that work on whole images in a simple way, on tables, or on labels; as in ``programs``.

``native`` are seconds of user and system time here, the least of five runs of the original on a machine that was busy; for MF, MF3,
WEDGE, RATIO, ROTATE and CREATEFILE without the start of its interpreter.
"""

from __future__ import annotations

from testscripts.bench.case import DOUBLE, TABLE, Case
from testscripts.bench.plain import bilinear, box


def rows():
    """Columns of a table of 100,000 rows."""
    import numpy as np

    index = np.arange(1.0, 100001.0)
    return index % 1900 + 1, index // 60 + 1


def polar(z):
    import numpy as np

    return np.stack([np.abs(z), np.angle(z)])


def gradient(r):
    import numpy as np

    return np.diff(r, axis=1, prepend=r[:, :1])


def turned(pixels):
    import numpy as np

    return np.ascontiguousarray(pixels.T)


def interleaved(m):
    import numpy as np

    return np.stack([m, m, m], axis=2)


def cone(size: int):
    import numpy as np

    y, x = np.mgrid[:size, :size] - 1000.0
    return np.clip(255 - np.hypot(x, y), 0, 255).astype(np.uint8)


def sector(size: int):
    import numpy as np

    y, x = np.mgrid[:size, :size] - 1000.0
    return np.where(np.abs(np.arctan2(y, x) - 0.7) < 0.5, 255, 0).astype(np.uint8)


def limited(h):
    import numpy as np

    return np.clip(h * np.float32(0.03187) + 0.5, 0, 255).astype(np.uint8)


def noisy(n):
    import numpy as np

    return np.clip(n + np.random.default_rng(1).normal(0, 2, n.shape), 0, 255).astype(np.uint8)


def entropy_of(a):
    import numpy as np

    share = np.bincount(a.ravel(), minlength=256) / a.size
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum()) and None


def summed(n):
    return (n.sum(), (n > 0).sum(), n.min(), n.max()) and None


def ratio_of(a, c):
    import numpy as np

    return np.clip(a / np.maximum(c, 1) * 100.0, 0, 255).astype(np.uint8)


def doubled(a):
    import numpy as np

    inside = a[99:900, 99:900]
    a[99:900, 99:900] = np.minimum(inside.astype(np.int16) * 2, 255)
    return a


def faded(a):
    import numpy as np

    ramp = np.minimum(np.minimum(np.arange(4000), np.arange(4000)[::-1]) / 10.0, 1.0).astype(np.float32)
    return (a * ramp * ramp[:, None]).astype(np.uint8)


def looked_up(n):
    x, y = rows()
    return n[y.astype(int) - 1, x.astype(int) - 1].astype(float)


def nothing(*_):
    """Labels and settings: there is no work on pixels to compare with."""


def numpy():
    import numpy

    return numpy


GRID = "nah=1 nav=1 tiepoint=(1,1,10,20,1,4000,20,4030,4000,1,4020,5,4000,4000,4010,4000)"
GEOTIFF = 'geotiff=("ModelTiepointTag=(0,0,0,100.0,200.0,0.0)","ModelPixelScaleTag=(1.0,1.0,0.0)")'

FURTHER = [
    Case("append", ("a", "c"), "append (a,c) o", lambda a, c: numpy().vstack([a, c]), 0.0232),
    Case("concat", ("n",), "concat (n,n,n,n) o ns=4000", lambda n: numpy().block([[n, n], [n, n]]), 0.2700),
    Case("fastmos", ("a", "c"), "fastmos (a,c) o mmode=average", lambda a, c: ((a.astype("u2") + c) // 2).astype("u1"), 0.1369),
    Case("fft11", ("b",), "fft11 b o", lambda b: numpy().fft.fft(b).astype("c8"), 0.0219),
    Case("fftflip", ("b",), "fftflip b o", lambda b: numpy().fft.fftshift(b), 0.0115),
    Case("apodize", ("a",), "apodize a o edge=10", faded, 0.0409),
    Case("ccomp", ("z",), "ccomp z (o,p)", polar, 0.0480),
    Case("deriv", ("r2",), "deriv r2 (o,p)", gradient, 0.0958),
    Case("tran", ("n", "m"), "tran m o outorg=bip", lambda n, m: interleaved(m), 0.3482),
    Case("viccub", ("n",), "viccub (n,n,n) o", lambda n: numpy().stack([n, n, n]), 0.0104),
    Case("geoma", ("a",), f"geoma a o {GRID}", bilinear, 0.1850),
    Case("rotate", ("b",), "rotate b o angle=30.0 line=512.0 sample=512.0", bilinear, 0.0180),
    Case("tfilt", ("n",), "tfilt n (o,p) nlw=11 nsw=11 filter=high", lambda n: n - box(n, 11), 0.0607),
    Case("ratio", ("a", "c"), "ratio (a,c) o", ratio_of, 0.0498),
    Case("sargonb", ("a",), "sargonb a o mult 2 (100,100,100,900,900,900,900,100,100,100)", doubled, 0.0457),
    Case("addnoise", ("n",), "addnoise n o sigma=2.0", noisy, 0.1533),
    Case("spot", (), "spot o nl=2000 ns=2000 shape=dome sigmax=200 sigmay=200 x0=1000 y0=1000", lambda: cone(2000), 0.0226),
    Case("wedge", (), "wedge o nl=2000 ns=2000 stangle=10.0 arc=60.0 x0=1000 y0=1000", lambda: sector(2000), 0.0131),
    Case("entropy", ("a",), "entropy a", entropy_of, 0.0754),
    Case("imgsum", ("n",), "imgsum n", summed, 0.0428),
    Case("imgstat", ("n",), "imgstat n o mean=mean window=12", lambda n: box(n, 12), 0.0298),
    Case("mf3", (), 'mf3 t function="c3=@sqrt(c1)+c2"', lambda: rows()[0] ** 0.5 + rows()[1], 0.0118, TABLE),
    Case("mf", (), 'mf t function="c3=sqrt(c1)+c2"', lambda: rows()[0] ** 0.5 + rows()[1], 0.0069, TABLE),
    Case("mfd", (), "mfd t incols=(1,2) outcols=3 func=add", lambda: rows()[0] + rows()[1], 0.0225, DOUBLE),
    Case("rowop2", (), "rowop2 t o keycol=2 range=(100.,60000.)", lambda: rows()[0][rows()[1] < 100], 0.0073, TABLE),
    Case("getzval", ("n",), "getzval (n,t) cols=(1,2,3)", looked_up, 0.0428, TABLE),
    Case("pixmap", ("n", "g"), "pixmap (t,g) mapcols=(3,4) pixcols=(1,2) pixtomap=pixtomap",
         lambda n, g: numpy().stack(rows()) + 100.0, 0.0059, TABLE),
    Case("gtgen", ("n",), f"gtgen n o {GEOTIFF}", lambda n: n, 0.0054),
    Case("gtlist", ("n", "g"), "gtlist g", nothing, 0.0025),
    Case("gtrot", ("n", "g"), "gtrot g o rot=1", lambda n, g: turned(g), 0.0149),
    Case("mvecall", ("n", "g"), "mvecall g o rot=1", lambda n, g: turned(g), 0.0130),
    Case("getlab", ("s",), "getlab s NL x int lab_type=system", nothing, 0.0021, ("local x int",)),
    Case("lablist", ("s",), "lablist s", nothing, 0.0020),
    Case("typetext", (), "typetext words.txt", nothing, 0.0015),
    Case("createfile", (), "createfile made", nothing, 0.0043),
    Case("tcl2tcl", (), 'tcl2tcl script="expr 1+2"', nothing, 0.0045),
    Case("c", ("h",), "c h o irange=(0,8000) orange=(0,255)", limited, 0.0786, ("setlib-add ($R3LIB)",)),
    Case("shadow", ("n",), "shadow n o", lambda n: box(n, 3), 0.5109),
    Case("medfill", ("n",), "medfill n o", lambda n: n.copy(), 0.0569),
]  # fmt: skip
