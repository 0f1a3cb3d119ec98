"""Rows of the programs of the first waves; as in ``programs``.

``native`` are seconds of user and system time here, the least of five runs of the original on a machine that was busy. GENGRID2,
GTP, PERSPEC and the programs that return variables ran under its interpreter, whose own start is taken off.
"""

from __future__ import annotations

from testscripts.bench.case import TABLE, Case
from testscripts.bench.further import numpy, rows

MAP = 'gtgen {0} {1} geotiff=("ModelTiepointTag=(0,0,0,{2}.0,200.0,0.0)","ModelPixelScaleTag=(1.0,1.0,0.0)")'
LEFT, RIGHT, BELOW = (MAP.format("n", *more) for more in (("x", 100), ("y", 2100), ("w", 100)))
# A label of twenty tasks with ten items each
ITEMS = tuple(
    command
    for task in range(20)
    for command in (f"copy {'s' if task == 0 else 'k'} k2", 'label-add k2 items="' + ", ".join(
        f"ITEM{task}_{item}={(item, item / 2, chr(39) + 'words' + chr(39))[item % 3]}"
        for item in range(10)) + '"', "copy k2 k")
)  # fmt: skip
GIVEN = ",".join(f"{n}.5" for n in range(1, 21))
LIST_OF_FILES = ("createfile files.txt", 'addtofile files.txt "NEXT FILE =     1"', "addtofile files.txt first.img")
CUBE = (
    "createfile cube",
    'addtofile cube "LABEL_RECORDS = 20   ^HISTORY = 21   ^IMAGE = 41"',
    *('addtofile cube "' + "a line of text for the label, " * 3 + '"' for _ in range(250)),
)
CORNERS = "l1=1 s1=1 l2=2 s2=1000 l3=1050 s3=-3 l4=1060 s4=990"


def nothing(*_):
    """Labels, texts and variables: there is no work on numbers to compare with."""


def table(columns: int):
    import numpy as np

    return np.zeros((columns, 100000), np.float32)


def printed():
    index, line = rows()
    return "".join(f"{a:12.2f}{b:12.2f}\n" for a, b in zip(index.tolist(), line.tolist())).encode()


def plotted():
    index, line = rows()
    return "".join(f"{a:10.2f}{b:10.2f}{0:10.2f}\n" for a, b in zip(index.tolist(), line.tolist())).encode()


def joined(a, c):
    return (a + c / 2.0).clip(0, 255).astype("u1")


def least(a, size: int):
    import numpy as np

    for axis in (0, 1):
        big = np.pad(a, [(size // 2, size // 2) if n == axis else (0, 0) for n in (0, 1)], mode="reflect")
        a = np.lib.stride_tricks.sliding_window_view(big, size, axis).min(-1)
    return a


def lines(a):
    import numpy as np

    along = np.arange(4000)
    for number, (y, x) in enumerate(((along, along), (1000 - along // 4, along), (along, 2000 + along // 4000)), 1):
        a[y, x] = np.minimum(a[y, x].astype(np.int16) + number, 255)
    return a


def grid():
    import numpy as np

    y, x = np.mgrid[:1000, :100] / np.array([999.0, 99.0]).reshape(2, 1, 1)
    return np.stack([x * y + x, x * y - y])


def projected():
    index, line = rows()
    return numpy().stack([index / (1 - line / 1e4), line / (1 - index / 1e4)]).astype("f4")


def spread():
    index, line = rows()
    return numpy().where(index % 2 == numpy().arange(2)[:, None], line, 0.0).astype("f4")


def stretched(r):
    low, high = numpy().sort(r[::20, ::20], axis=None)[[1, -2]]
    return ((r - low) * (255 / (high - low)) + 0.5).clip(0, 255).astype("u1")


def crossed(h):
    h[1999:2004, 500:3500] = 255
    h[500:3500, 1999:2004] = 255


FIRST_WAVE = [
    Case("ibis", (), "ibis-list t nc=2", printed, 0.1831, TABLE),
    Case("ibis-gen", (), "ibis-gen o nr=100000 nc=6 indexcol=1", lambda: table(6), 0.0035),
    Case("ibis-copy", (), "ibis-copy t o incols=(2,1,4) outcols=(1,2,3) sr=100", lambda: table(6), 0.0044, TABLE),
    Case("ibis-catenate", (), "ibis-catenate (t,t) o", lambda: numpy().hstack([table(6), table(6)]), 0.0092, TABLE),
    Case("ibis-group", (), "ibis-group t name=places cols=(1,2)", nothing, 0.0018, TABLE),
    Case("label-list-items", ("s",), "label-list k", nothing, 0.0037, ITEMS),
    Case("label-add", ("a",), "label-add a o items=\"ONE=1, TWO=(1.5,2.5), THREE='words'\"", lambda a: a, 0.0139),
    Case("label-replace", ("a",), "label-replace a o items=\"IVAL=2.5\" task=gen", lambda a: a, 0.0149),
    Case("label-delete", ("a",), "label-delete a o tasks=gen", lambda a: a, 0.0138),
    Case("label-concat", ("a", "c"), "label-concat (a,c) o", lambda a, c: c, 0.0124),
    Case("label-switch", ("a", "c"), "label-switch (a,c) o", lambda a, c: a, 0.0162),
    Case("label-create", ("a",), "label-create raw o nl=4000 ns=4000", lambda a: a, 0.0137, ("label-remove a raw",)),
    Case("label-remove", ("a",), "label-remove a o", lambda a: a, 0.0143),
    Case("f2", ("a", "c"), 'f2 (a,c) o function="in1+in2/2"', joined, 0.0283),
    Case("f2comp", ("z",), "f2comp (z,z) o op=mult", lambda z: z * z, 0.0119),
    Case("minfilt", ("a",), "minfilt a o nlw=11 nsw=11", lambda a: least(a, 11), 1.4035),
    Case("adl", ("a",), "adl a o add=(1,1,1,4000,4000,2,1000,1,2,4000,3,1,2000,4000,2001)", lines, 0.0261),
    Case("astrtchr", ("r",), "astrtchr r o percent=1", stretched, 0.0838),
    Case("crosshair", ("h",), "crosshair h loc=(2000,2000) height=1500 width=5", crossed, 0.1295),
    Case("imsplit", ("h",), "imsplit h (o,p)", lambda h: numpy().stack([h[:, ::2], h[:, 1::2]]), 0.0366),
    Case("gtmss", ("n",), "gtmss (x,y) o", lambda n: numpy().hstack([n, n]), 0.0088, (LEFT, RIGHT)),
    Case("gtappend", ("n",), "gtappend (x,w) o mapck=nomapck", lambda n: numpy().vstack([n, n]), 0.0086, (LEFT, BELOW)),
    Case("perspec", (), "perspec t o elev=30 azimuth=200 distance=100000", projected, 0.0101, TABLE),
    Case("pltgraf", (), "pltgraf t plot=p", plotted, 0.1017, TABLE),
    Case("transcol", (), "transcol t o datacol=2 indexcol=1 values=(1,2) tocol=(3,2)", spread, 0.0054, TABLE),
    Case("icat", (), "icat (t,t) o", lambda: numpy().hstack([table(6), table(6)]), 0.0116, TABLE),
    Case("gengrid2", (), f"gengrid2 o ncol=8 nah=99 nav=1000 {CORNERS}", grid, 0.0966),
    Case("gtp", ("n",), "gtp x 100 200", nothing, 0.0089, (LEFT,)),
    Case("gtgenup", ("n",), 'gtgenup x geotiff=("ONE=1","TWO=2","THREE=3")', nothing, 0.0017, (LEFT,)),
    Case("gt2tcl", ("n",), "gt2tcl x ModelTiepointTag v 8 sequence=4", nothing, 0.0017, (LEFT, "local v real")),
    Case("plab2tcl", ("n",), "plab2tcl x GEOTIFF ModelTiepointTag v 8 sequence=4", nothing, 0.0017, (LEFT, "local v real")),
    Case("lab2tcl", ("s",), "lab2tcl k keyword=(ITEM0_1,ITEM9_2) v1=v v2=t", nothing, 0.0038,
         (*ITEMS, "local v real", "local t string")),
    Case("isislab", (), "isislab cube", nothing, 0.0019, CUBE),
    Case("tclmath", (), f"tclmath ({GIVEN}) EXP v i", nothing, 0.0025, ("local v real count=20", "local i integer")),
    Case("norangle", (), "norangle (1,1,100,37)", nothing, 0.0026),
    Case("idgen", (), "idgen outvar=t", nothing, 0.0018, ("local t string",)),
    Case("comment", (), 'comment "some words"', nothing, 0.0019),
    Case("reset", (), "reset files.txt 5", nothing, 0.0011, LIST_OF_FILES),
]  # fmt: skip
