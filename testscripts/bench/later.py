"""Rows of programs of plots, corners, spectra, statistics of classes and colour spaces; as in ``programs``.

``native`` are seconds of user and system time here, the least of five runs of the original on a machine that was busy.
"""

from __future__ import annotations

from testscripts.bench.case import Case


def numpy():
    import numpy

    return numpy


def nothing(*_):
    """A few numbers or lines of text: there is no work to compare with."""


def scaled(*images):
    """Seven tenths and three of two images, stretched to what all but the ends of the histogram take."""
    np = numpy()
    total = images[0] * np.float32(0.7) + images[-1] * np.float32(0.3)
    low, high = np.percentile(total[::4], (1, 99))
    return np.clip((total - low) * (255 / (high - low)), 0, 255).astype("u1")


def equalized(n):
    np = numpy()
    steps = np.cumsum(np.bincount(n.ravel(), minlength=256))
    return (steps * 255 // steps[-1]).astype("u1")[n]


def amplitudes(h):
    np = numpy()
    return np.sqrt((np.abs(np.fft.rfft(h[:, :1024], axis=1)) ** 2).mean(0))


def sinusoidal(size: int):
    np = numpy()
    latitude = np.linspace(np.pi / 2, -np.pi / 2, size)[:, None]
    sample = np.arange(2 * size) - size
    turned = (sample / np.maximum(np.cos(latitude), 1e-9) + size).astype(int) % (2 * size)
    return (turned % 251).astype("u1")


def joint(x, y):
    """How many pixels have each pair of numbers."""
    return numpy().bincount(x.ravel().astype("i4") * 256 + y.ravel(), minlength=65536)


def moments(*images):
    return numpy().cov([image[start : start + 600, start : start + 600].ravel() for start in (0, 1000) for image in images])


def counted(*images):
    """The 256 colours that most pixels have."""
    np = numpy()
    codes = sum((image >> 4).astype("i4") << 4 * place for place, image in enumerate(images))
    return np.argsort(np.argsort(np.bincount(codes.ravel(), minlength=4096)))[codes].astype("u1")


def hues(blue, green, red):
    np = numpy()
    blue, green, red = (colour.astype("f4") for colour in (blue, green, red))
    x, y = (blue + red - 2 * green) / np.sqrt(np.float32(6)), (blue - red) / np.sqrt(np.float32(2))
    total = np.maximum(blue**2 + green**2 + red**2, 1)
    saturation = np.arcsin(np.sqrt(np.minimum((x * x + y * y) / total, 1)))
    return np.stack([np.arctan2(y, x), saturation, np.maximum(np.maximum(blue, green), red)]).astype("u1")


def turned(n):
    return n, n[::-1], n[:, ::-1]


def clustered(n, size: int = 40):
    """Nearest of some means."""
    np = numpy()
    means = np.arange(20, 240, size)
    return np.abs(n[::10, ::10].astype(int)[..., None] - means).argmin(-1)


def corners(q):
    np = numpy()
    return np.argwhere(q > 0)[:: max(q.size // 4, 1)]


def edge(q):
    np = numpy()
    return np.polyfit(np.arange(len(q)), np.abs(np.diff(q.astype("i4"), axis=1)).argmax(1), 1)


def fitted(size: int):
    """A linear fit to the points of a grid."""
    np = numpy()
    grid = np.argwhere(np.ones((size, size))).astype("f8")
    return np.linalg.lstsq(np.c_[grid, np.ones(len(grid))], grid[:, ::-1] * 2.1 + 5, rcond=None)[0]


def blemishes(c, s):
    np = numpy()
    return np.argwhere((c < 8) | (c > 13) | (s < 15))


def regions(n):
    """Corners of equal pixels."""
    np = numpy()
    classes = n[:1000, :1000] // 8
    return np.argwhere((classes[1:] != classes[:-1])[:, 1:] | (classes[:, 1:] != classes[:, :-1])[1:])


COLOURS = ("flot n x 'clock", "flot n y 'vert")
INSIDE = "(line+2*samp>1500)*(line+2*samp<5000)*(3*line-samp>1000)*(3*line-samp<4500)*(line+samp)"
MAP = "PROJSAMP=1000 PROJ_LON=180.0 LON_CL=0.0 LON_CR=360.0 LAT_UC=90.0 LAT_LC=-90.0"
RADIOMETRY = ("gausnois d 1000 1000 format=half mean=1000 sigma=100 seed=3", "cform d e 'real so=(0.01,0.)",
              "f2 d w 'half func=\"32767\"")  # fmt: skip
CLASSES = "class1=(1,1,600,600) class2=(1001,1001,600,600)"
CORNERS = " ".join(f"line{n}=l{n} samp{n}=s{n}" for n in range(1, 5))
NAMES = tuple(f"local {letter}{n} real" for n in range(1, 5) for letter in "ls")

LATER = [
    Case("colort", ("n",), "colort (n,x,y) (o,p,made) to=hsi", lambda n: hues(*turned(n)), 0.210, COLOURS),
    Case("colort2", ("n",), "colort2 (n,x,y) (o,p,made) to=hsi", lambda n: hues(*turned(n)), 0.318, COLOURS),
    Case("rgb2pseudo", ("n",), "rgb2pseudo (n,x,y) (o,p)", lambda n: counted(*turned(n)), 1.201, COLOURS),
    Case("xform", ("a", "c"), "xform (a,c) o matrix=(0.7,0.3)", scaled, 0.267),
    Case("fitg", ("n",), "fitg n o", equalized, 0.020),
    Case("power", ("h",), "power h exponent=10 plotout=o", amplitudes, 0.055),
    Case("fft1pix", ("z",), "fft1pix z o", lambda z: numpy().abs(z).astype("u1"), 0.017),
    Case("sinproj", ("n",), "sinproj m2 o", lambda n: sinusoidal(2000), 0.006, (f'label-add n m2 items="{MAP}"',)),
    Case("multovly", ("n",), "multovly (k,w) o", lambda n: joint(n // 10, n // 30), 0.170,
         ('f2 n k func="in1/10"', 'f2 n w func="in1/30"')),
    Case("ustats", ("n",), "ustats (n,x,y) o linc=10 sinc=10 initial=30.", clustered, 0.046, COLOURS),
    Case("stats", ("n",), f"stats (n,x,y) o {CLASSES}", lambda n: moments(*turned(n)), 0.015, COLOURS),
    Case("statplt", ("n",), "statplt k", nothing, 0.006, (*COLOURS, f"stats (n,x,y) k {CLASSES}")),
    Case("picsum", ("n",), "picsum (n,x,y) o", lambda n: sum(part.astype("i2") for part in turned(n)), 0.017, COLOURS),
    Case("blemgen", (), "blemgen (e,w) o minslope=5. maxslope=14.",
         lambda: blemishes(numpy().ones((1000, 1000), "f4"), numpy().ones((1000, 1000), "i2")), 0.009, RADIOMETRY),
    Case("imcorner", (), f"imcorner k {CORNERS}", lambda: corners(numpy().ones((2000, 2000), "u1")), 0.005,
         (*NAMES, f'f2 out=k nl=2000 ns=2000 func="{INSIDE}"')),
    Case("srchedge", (), "srchedge k angle=g", lambda: edge(numpy().ones((900, 900), "i2")), 0.005,
         ("local g real", "gen d 900 900 'half linc=0 sinc=0 ival=50", 'f2 d k func="in1+100*(line*0.7+samp>700)"')),
    Case("linemtch", ("n",), "linemtch (l,l) o itie=(1,2000) otie=(1,2000) lines=(3,3,999,999) mins=60 maxs=1800 spacing=20",
         nothing, 0.009, ("boxflt2 n l nlw=3 nsw=3",)),
    Case("plotint", (), "plotint t xcol=1 ycol=2 control=3 plotout=o", nothing, 0.005,
         ("ibis-gen t nr=2000 nc=3", 'mf3 t function="c1=@index$c2=@mod(@index,77)"')),
    Case("ellipse", (), "ellipse o", nothing, 0.005),
    Case("mssview", ("a",), "mssview a o mss=4 bands=(1,2,3) nlout=1000 nsout=1000 linc=40 sinc=10", nothing, 0.007),
    Case("rastovec", ("n",), "rastovec q (r,p,s,v,i) largest=1. maxvert=900000", regions, 0.186,
         ("boxflt2 n y size=(1,1,1000,1000) nlw=9 nsw=9", 'f2 y q func="in1/8"')),
    Case("locus2", (), "locus2 (s,g) nrow=20 ncol=20", lambda: fitted(20), 0.005,
         ("gridgen g nrow=20 ncol=20 gsl=40 gss=40", "skew g s sro=(5,-15,-55,2.1) nrow=20 ncol=20")),
    Case("grafimg", ("b",), "grafimg b o linc=4 sinc=4", nothing, 0.013),
]  # fmt: skip
