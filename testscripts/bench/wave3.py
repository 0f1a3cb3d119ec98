"""Rows of programs on tables of numbers, colours, components and strange files; as in ``programs``.

``native`` are seconds of user and system time here, the least of five runs of the original on a machine that was busy; of EFGISO two,
and of the p3 library's HIST a twentieth of twenty in one session of its interpreter. AVGPIX has none: a build by today's compilers
refuses every image. The clusters of points are those of fewer rows, as the work grows with
their square.
"""

from __future__ import annotations

from pathlib import Path

from testscripts.bench.case import Case


def numpy():
    import numpy

    return numpy


def nothing(*_):
    """Labels and a few numbers: there is no work to compare with."""


# -- tables -----------------------------------------------------------------------------------------------------------


def table_of(rows: int, columns: int, *functions: str, form: str = "doub") -> tuple[str, ...]:
    """Commands that make a table whose first columns are filled."""
    filled = "$".join(f"c{number}={function}" for number, function in enumerate(functions, 1))
    return f"ibis-gen t nr={rows} nc={columns} deffmt={form}", f'mf3 t f="{filled}"'


SCATTERED = ("@mod(@index*7919,1013)", "@mod(@index*104729,997)")


def index(rows: int):
    return numpy().arange(1.0, rows + 1)


def scattered(rows: int):
    return index(rows) * 7919 % 1013, index(rows) * 104729 % 997


def fits():
    """Least squares for each run of fifty rows, by normal equations."""
    np = numpy()
    x = np.stack(scattered(100000), axis=1).reshape(-1, 50, 2)
    y = (x[..., 0] * 2 + x[..., 1] * 3 + index(100000).reshape(-1, 50) % 7)[..., None]
    turned = x.transpose(0, 2, 1)
    found = np.linalg.solve(turned @ x, turned @ y)
    return np.concatenate([np.broadcast_to(found.transpose(0, 2, 1), x.shape), y - x @ found], axis=2)


def near(rows: int, reach: float):
    """Which points are near which."""
    x, y = scattered(rows)
    return numpy().hypot(x - x[:, None], y - y[:, None]) < reach


def clusters(rows: int, reach: float):
    """The number of a cluster for each point: the least row that is reached."""
    np = numpy()
    together, numbers = near(rows, reach), np.arange(rows)
    for _ in range(8):
        numbers = np.where(together, numbers, rows).min(axis=1)
    return numbers.astype(float)


def printed():
    x, y = scattered(100000)
    rows = numpy().stack([x, y, x * 0.37, x, y, y]).T.tolist()
    return "\n".join("".join(f"{value:13.2f}" for value in row) for row in rows).encode()


def by_index():
    np = numpy()
    which, data = scattered(100000)[0] % 4, scattered(100000)[1]
    return np.where(which == np.arange(4)[:, None], data, 0.0).astype(np.float32)


def gathered(k, n):
    """Sizes, centroids and mean values of components."""
    np = numpy()
    size = np.maximum(np.bincount(k.ravel()), 1)
    y, x = np.indices(k.shape)
    return np.stack([np.bincount(k.ravel(), v.ravel()) / size for v in (y, x, n)])


# -- images -----------------------------------------------------------------------------------------------------------


def lines_through(*images):
    np = numpy()
    dn = np.stack([image.astype(np.float32) for image in images])
    value = np.arange(len(images), dtype=np.float32)[:, None, None] - (len(images) - 1) / 2
    slope = (dn * value).sum(0) / (value * value).sum()
    return np.stack([slope, dn.mean(0)])


def hues(n, *_):
    np = numpy()
    red, green, blue = (n.T / 255.0, n / 255.0, n[::-1] / 255.0)
    total, least = red + green + blue, np.minimum(np.minimum(red, green), blue)
    with np.errstate(all="ignore"):
        part = total - 3 * least
        hue = np.where(least == blue, (green - blue) / part,
                       np.where(least == red, (blue - red) / part + 1, (red - green) / part + 2))  # fmt: skip
        return (np.stack([total / 3, part / total, hue / 3]) * 255 + 0.5).astype(np.uint8)


def labels(k, *_):
    """Connected components: each pixel takes the least number of its neighbours of the same value, until nothing changes."""
    np = numpy()
    numbers = np.arange(k.size).reshape(k.shape)
    beside, below = k[:, 1:] == k[:, :-1], k[1:] == k[:-1]
    while True:
        before = numbers.copy()
        for one, other, same in ((numbers[:, 1:], numbers[:, :-1], beside), (numbers[1:], numbers[:-1], below)):
            least = np.minimum(one, other)
            one[same], other[same] = least[same], least[same]
        while True:  # to the number of that number's own pixel
            further = numbers.ravel()[numbers]
            if (further == numbers).all():
                break
            numbers = further
        if (numbers == before).all():
            return numbers.astype(np.int32)


def distances(image, value: int):
    """Steps along lines and samples to the nearest pixel of a value."""
    np = numpy()
    steps = np.where(image == value, 0, 10000).astype(np.int32)
    for axis in (0, 1):
        place = np.arange(image.shape[axis]).reshape((-1, 1) if axis == 0 else (1, -1))
        ahead = np.minimum.accumulate(steps - place, axis) + place
        behind = np.flip(np.minimum.accumulate(np.flip(steps + place, axis), axis), axis) - place
        steps = np.minimum(ahead, behind)
    return steps


def near_values(n):
    return sum((distances(n, value) < 5).astype(numpy().int16) for value in (100, 130, 160, 190))


def binned(a):
    counts = numpy().bincount(a.ravel(), minlength=256)
    return (counts, counts @ numpy().arange(256.0), counts @ numpy().arange(256.0) ** 2) and None


def fitted(h):
    np = numpy()
    counts = np.bincount(h.ravel().view(np.uint16), minlength=65536)
    reached = np.cumsum(np.roll(counts, 32768))
    low, high = np.searchsorted(reached, [0.01 * h.size, 0.99 * h.size]) - 32768
    table = np.clip((np.arange(-32768, 32768) - low) * 32767.0 / (high - low), 0, 32767).astype(np.int16)
    return np.roll(table, 32768)[h.view(np.uint16)]


def moved(a):
    """Columns taken at places that are evenly spread."""
    np = numpy()
    a = a[:1000, :1000]
    places = np.linspace(0, len(a) - 1, len(a)) ** 1.0
    return np.stack([np.interp(places + 0.3, np.arange(len(a)), column) for column in a.T]).T.astype(np.uint8)


def forms():
    """A radius on a grid of five degrees, its slopes, and both on a map."""
    np = numpy()
    radius = 10 + np.cos(np.arange(37.0) / 6)[:, None] * np.sin(np.arange(73.0) / 6)
    y, x = np.linspace(0, 35.9, 1000)[:, None], np.linspace(0, 71.9, 1000)
    i, j = y.astype(int), x.astype(int)
    v, u = y - i, x - j
    down, along = np.gradient(radius)
    maps = [(g[i, j] * (1 - u) + g[i, j + 1] * u) * (1 - v) + (g[i + 1, j] * (1 - u) + g[i + 1, j + 1] * u) * v
            for g in (radius, down, along)]  # fmt: skip
    return np.stack([maps[1] ** 2 + maps[0] ** 2, maps[1] * maps[2], maps[2] ** 2 + maps[0] ** 2, maps[0]]).astype("f4")


def averaged(*images):
    np = numpy()
    total, count = np.zeros(images[0].shape, np.float32), np.zeros(images[0].shape, np.uint8)
    for image in images:
        total += image
        count += image != 0
    return (total / np.maximum(count, 1)).astype(np.uint8)


# -- files ------------------------------------------------------------------------------------------------------------


def mars_global_surveyor(folder: Path) -> None:
    (folder / "mgs").write_bytes(b"cross 4000\ndown 4000\n".ljust(1024, b"\0") + bytes(range(250)) * 64000)


def picture(folder: Path) -> None:
    (folder / "pic").write_bytes(bytes((0, 0, 15, 160) * 2) + bytes(range(250)) * 64000)


def shape_model(folder: Path) -> None:
    rows = [f"{lon:.1f}, {lat:.1f}, {10 + lat / 50 + lon / 90:.4f}" for lon in range(0, 361, 5) for lat in range(-90, 91, 5)]
    (folder / "phobos.model").write_text("\n".join(["made", "for", "this", "bench", *rows]) + "\n")


def image_list(folder: Path) -> None:
    (folder / "names").write_text("a\nc\na\nc\n")


# -------------------------------------------------------------------------------------------------------------------

FIT_TABLE = table_of(100000, 8, *SCATTERED, "c1*2+c2*3+@mod(@index,7)", "@int((@index-1)/50)")
INDEX_TABLE = table_of(100000, 6, SCATTERED[1], f"@mod({SCATTERED[0]},4)", form="real")
REGIONS = ("boxflt2 n l nlw=11 nsw=11", 'f2 l k func="in1/3"', 'f2 n w func="in1.gt.180"')
HISTORY = ("copy a h1", "label-add h1 items=\"one=1 two=2\"", "copy h1 h2", "label-add h2 items=\"one=3 two=4\"")
GRID = ("gen i 1000 1000", "ibis-gen g nc=4 nr=11000 deffmt=doub",
        'mf3 g f="c1=@int((@index-1)/11)+1$c2=@mod(@index-1,11)*100+1"',
        'mf3 g f="c3=5000-c1+@int(c1/10)+c2$c4=c2*1.7+0.03*c1"')  # fmt: skip
SPECTRUM = ",".join(f"0.{40 - n:02d}" for n in range(40))

WAVE3 = [
    Case("ibislsq2", (), "ibislsq2 t 'noprint indcol=(1,2) depcol=3 coeffcol=(5,6) rescol=7 concol=4", fits, 0.0206, FIT_TABLE),
    Case("ibisclst", (), "ibisclst t cols=(1,2) outcol=3 thresh=5.0", lambda: near(5000, 5.0), 0.5890, table_of(5000, 3, *SCATTERED)),
    Case("ibisclst2", (), "ibisclst2 t distance=20.0 xcol=1 ycol=2 clustcol=3", lambda: clusters(5000, 20.0), 0.0440,
         table_of(5000, 3, *SCATTERED)),
    Case("ibisclst3", (), "ibisclst3 t dline=20 dsamp=20 sampcol=1 linecol=2 clustcol=3 sampctr=4 linectr=5",
         lambda: clusters(5000, 20.0), 0.0258, table_of(5000, 5, *SCATTERED)),
    Case("ibisx", (), "ibisx t", printed, 0.2804, table_of(100000, 6, *SCATTERED, "c1*0.37", "c1", "c2", "c2")),
    Case("trnscol2", (), "trnscol2 t o datacol=1 indexcol=2 values=(0,1,2,3) tocol=(3,4,5,6)", by_index, 0.0072, INDEX_TABLE),
    Case("comptab2", ("n",), "comptab2 (k,n) o", lambda n: gathered(n // 3, n), 0.1541, REGIONS),
    Case("calfit", ("a", "c"), "calfit (a,c,a,c) (o,p) calval=(1.,2.,3.,4.)", lambda a, c: lines_through(a, c, a, c), 2.1064),
    Case("rgb2ish", ("n",), "rgb2ish (n,x,y) (o,p,made)", hues, 0.1137, ("flot n x 'clock", "flot n y 'vert")),
    Case("concompi", ("n",), "concompi (k,w) (o,p)", lambda n: labels(n // 3), 0.0440, REGIONS),
    Case("mooresc", ("n",), "mooresc n o dmax=5 pixval=(100,130,160,190) numpix=4", near_values, 0.1349),
    Case("fit", ("h",), "fit h o percent=2.0", fitted, 0.0451),
    Case("bowtie", ("a",), "bowtie (i,g) o nscan=10", moved, 0.3954, GRID),
    Case("p3-hist", ("a",), "hist a", binned, 0.0222, ("setlib ($R3LIB,*)",)),
    Case("vic2pic", ("a",), "vic2pic a o", lambda a: a, 0.0224),
    Case("pic2vic", (), "pic2vic pic o", lambda: numpy().zeros((4000, 4000), "u1"), 0.0259, (), picture),
    Case("ddd2vic", (), "ddd2vic mgs o", lambda: numpy().zeros((4000, 4000), "u1"), 0.0150, (), mars_global_surveyor),
    Case("efgiso", (), "efgiso (o,p,q1,q2) planet=phobos path=. nl=1000 ns=1000", forms, 8.1086, (), shape_model),
    Case("getloc", (), "getloc t o sr=1 sc=1 nr=27 nc=27", nothing, 0.0023, ("gen t 1 1458 'real",)),
    Case("avgpix", ("a", "c"), "avgpix a o names", lambda a, c: averaged(a, c, a, c), None, (), image_list),
    Case("cleanlabel", ("a",), "cleanlabel h2 o", nothing, 0.0051, HISTORY),
    Case("tristim", (), f"tristim radiance=({SPECTRUM})", nothing, 0.0022),
]  # fmt: skip
