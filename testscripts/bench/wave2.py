"""Rows of the programs of the second wave; as in ``further``.

``native`` are seconds of user and system time here, the least of five runs of the original on a machine that was busy. Procedures
(GENGRID, GENPC) and programs that set values of their caller run in the original's interpreter, whose own start is taken off.
"""

from __future__ import annotations

from testscripts.bench.case import DOUBLE, Case
from testscripts.bench.further import nothing, numpy, rows
from testscripts.bench.plain import bilinear, box

COUNT = 100_000
LEAPS = 'tcl2file leaps.dat (" 1972 JAN  1 =JD 2441317.5  TAI-UTC=  10.0"," 1999 JAN  1 =JD 2451179.5  TAI-UTC=  32.0")'
CAMERA = "leapfile=leaps.dat acs_time=3.0e7 tod_t_sv=(7200100.0,0.0,0.0) tod_q_sv=(0.7071067811865476,0.0,-0.7071067811865476,0.0) " \
         "sv_t_c=(0.0,0.0,0.0) sv_q_c=(1.0,0.0,0.0,0.0) fu=250000.0 fv=245000.0 q=0.0 u0=200.0 v0=200.0 kappa=(0.0,0.0,0.0,0.0,0.0)"  # fmt: skip
RPC = ("ibis-gen t nr=80 nc=2 deffmt=doub", 'mf3 t function="c1=@index*1.25$c2=@index/3"')
IGEOLO = "352959N1170030W350001S0000001E123456N0010203W000000S1795959E"
EPHEMERIS = "peph=(0.0,10.0,20.0,30.0,100.0) patt=(0.1,0.2,0.3,0.4,100.0) seph=(0.0,11.0,22.0,-33.0,200.0) " \
            "satt=(-0.4,0.1,0.2,0.3,200.0) imtime=130.0 w_t_sv1=x w_t_sv2=x w_t_sv3=x w_q_sv0=x w_q_sv1=x w_q_sv2=x w_q_sv3=x"  # fmt: skip
MESH = "gengrid t ncol=4 nah=399 nav=249 hbase=1 hsize=4000 vbase=1 vsize=4000"
KEYS = (
    DOUBLE[0], 'mf3 t function="c1=@index$c2=0"',
    "ibis-gen u nr=50000 nc=2 deffmt=doub", 'mf3 u function="c1=@index*2$c2=c1+1"',
)  # fmt: skip
NUMBERED = ("ibis-gen t nr=40000 nc=2 deffmt=doub", 'mf3 t function="c1=@index$c2=@mod(@index,200)"')
POINTS = (
    "ibis-gen t nr=20000 nc=3 deffmt=doub org=row",
    'mf3 t function="c1=@mod(@index*7919,4000)+1$c2=@mod(@index,3989)+1$c3=@mod(@index,250)"',
)


def mesh():
    y, x = numpy().mgrid[:250, :400]
    return numpy().stack([y / 249 * 4000 + 1, x / 399 * 4000 + 1], axis=2)


def deviation(a):
    mean = box(a, 3).astype("f4")
    return (box((a.astype("u4") ** 2 >> 8).astype("u1"), 3).astype("f4") * 256 - mean**2).clip(0) ** 0.5


def unequal(w):
    """Pixels that no neighbour equals, replaced."""
    np = numpy()
    big = np.pad(w, 1, mode="reflect")
    same = sum((big[y : y + 4000, x : x + 4000] == w).astype("u1") for y in range(3) for x in range(3))
    return np.where(same < 2, 255, w).astype("u1")


def nearest(a, c):
    np = numpy()
    big = np.pad(c, 1, mode="edge").astype("i2")
    best = np.full(a.shape, 999, "i2")
    for y in range(3):
        for x in range(3):
            difference = a - big[y : y + 4000, x : x + 4000]
            best = np.where(np.abs(difference) < np.abs(best), difference, best)
    return best.astype("u1")


def crosses():
    picture = numpy().full((4000, 1160), 240, "u1")
    picture[::40], picture[:, ::40] = 5, 5
    return picture


def regions(k):
    """Numbers of connected runs: runs that touch from line to line take the lower number until nothing changes."""
    np = numpy()
    begins = np.diff(k, axis=1, prepend=0).astype("i1")
    begins[:, 0] = k[:, 0]
    runs = np.cumsum(begins == 1).reshape(k.shape) * k
    touch = (k[1:] & k[:-1]) != 0
    upper, lower = runs[:-1][touch], runs[1:][touch]
    number = np.arange(runs.max() + 1)
    while (unequal := number[upper] != number[lower]).any():
        upper, lower = upper[unequal], lower[unequal]
        least = np.minimum(number[upper], number[lower])
        np.minimum.at(number, number[upper], least)
        np.minimum.at(number, number[lower], least)
        while (number[number] != number).any():
            number = number[number]
    return number[runs].astype("i4")


def distances(k):
    """Steps to the nearest pixel that is not zero, ten at most."""
    np = numpy()
    steps = np.where(k == 0, 10, 0).astype("u1")
    for axis in (0, 1):
        for _ in range(10):
            for ahead in (1, -1):
                np.minimum(steps, np.roll(steps, ahead, axis) + 1, out=steps)
    return steps


def measured(a, j):
    np = numpy()
    numbers, count = j.ravel(), int(j.max()) + 1
    y, x = np.divmod(np.arange(j.size), 4000)
    return np.stack([np.bincount(numbers, weights, count) for weights in (None, y, x, a.ravel())])


def put_in(j):
    return (numpy().arange(1, 40002) % 200)[j].astype("u1")


def thinned(a):
    return bilinear(a)[:3000, :3000]


def scattered():
    picture = numpy().zeros((4000, 4000), "u1")
    index = numpy().arange(1, 20001)
    picture[index * 7919 % 4000, index % 3989] = index % 250
    return picture


def listed():
    x, y = (column[:5000].tolist() for column in rows())
    return "\n".join(f"{'a':>20} = {u:f}\n{'b':>20} = {v:f}" for u, v in zip(x, y)).encode()


def rays(count: int):
    """Directions of pixels turned, and their angles."""
    np = numpy()
    rotation = np.array([[0.0, 0.6, 0.8], [1.0, 0.0, 0.0], [0.0, 0.8, -0.6]])
    x, y, z = rotation @ np.stack([np.arange(count) / 2.5e5, np.arange(count) / 2.45e5, np.ones(count)])
    return np.stack([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))])


def triangle():
    np = numpy()
    x, y = rows()
    one = np.hypot(x - x.mean(), y - y.mean()).argmax()
    two = np.abs((x - x[one]) * y.mean() - (y - y[one]) * x.mean()).argmax()
    return np.abs((x - x[one]) * (y[two] - y[one]) - (y - y[one]) * (x[two] - x[one])).argmax() and None


def stepped():
    return numpy().abs(numpy().diff(mesh(), 2, axis=1)).max() and None


def joined():
    np = numpy()
    keys, others = np.arange(1.0, COUNT + 1), np.arange(2.0, COUNT + 1, 2)
    place = np.searchsorted(others, keys).clip(0, len(others) - 1)
    return np.where(others[place] == keys, others[place] + 1, 0.0)


def ordered():
    x, y = rows()
    order = numpy().lexsort((y, x))
    return numpy().stack([x[order], y[order]])


WAVE2 = [
    Case("tcl2file", (), 'tcl2file o tcltext=("first line","second line")', lambda: b"first line\nsecond line\n", 0.0013),
    Case("gengrid", (), MESH.replace(" t ", " o "), mesh, 0.0213),
    Case("immerge", ("a", "c"), "immerge (a,c) o", lambda a, c: numpy().stack([a, c], axis=2), 0.0603),
    Case("genpc", (), "genpc o lon=-118.0 lat=36.0", nothing, 0.0033),
    Case("gtstat", ("a",), "gtstat a o", deviation, 0.5443),
    Case("gtstat-mean", ("a",), "gtstat a o window=11 'mean", lambda a: box(a, 11), 2.1935),
    Case("gtigeolo", (), f'gtigeolo "{IGEOLO}" n1=x e1=y', nothing, 0.0015, ("local (x,y) real",)),
    Case("concomp1", ("w",), "concomp1 w (o,p)", unequal, 0.1463),
    Case("concomp1-mode", ("w",), "concomp1 w o thresh=2 'mode", unequal, 1.8444),
    Case("xyzpic2", (), "xyzpic2 t o nl=4000 ns=4000", scattered, 0.7913, POINTS),
    Case("difnear", ("a", "c"), "difnear (a,c) o", nearest),  # the original overruns a buffer on lines of more than 12 samples
    Case("difnear-narrow", ("e",), "difnear (e,e) o", lambda e: nearest(e, e), 0.8444),
    Case("gridgen", (), "gridgen o 'image inc=40 gsl=20 gss=20 nrow=100 ncol=29", crosses, 0.0049),
    Case("gtlabfix", ("n", "g"), "gtlabfix g", nothing, 0.0015),
    Case("gtlabfix-many", (), "gtlabfix r", nothing, 0.0068, (*RPC, "ibis2rpc t r")),
    Case("ibis2img", (), "ibis2img t o", lambda: numpy().stack(rows(), axis=1), 1.0331, DOUBLE),
    Case("ilist", (), 'ilist t sr=1 nr=5000 cols=(1,2) labels=("a","b")', listed, 0.0321, DOUBLE),
    Case("scinterp", (), f"scinterp {EPHEMERIS}", nothing, 0.0015, ("local x real",)),
    Case("gtsize", ("a",), "gtsize a o nl=3000 ns=3000", thinned, 0.0698),
    Case("gtsize-noin", ("a",), "gtsize a o azoom=1.5 'noin",
         lambda a: a[numpy().arange(6000) * 2 // 3][:, numpy().arange(6000) * 2 // 3], 0.1336),
    Case("gtsize-azoom", ("a",), "gtsize a o azoom=0.25", lambda a: a.reshape(1000, 4, 1000, 4).mean((1, 3)).astype("u1"), 0.0228),
    Case("concomp", ("w", "k"), "concomp k (o,p)", lambda w, k: regions(k), 0.3187),
    Case("sort", (), "sort t sortcol=(1,2)", ordered, 0.0168, DOUBLE),
    Case("gridck", (), "gridck t valnah=m valnav=n", stepped, 0.0051, (MESH, "local (m,n) int")),
    Case("astroref", ("s",), f"astroref (s,t) urange=(1,1,400) vrange=(1,1,250) {CAMERA}",
         lambda s: rays(COUNT), 0.0150, (DOUBLE[0], LEAPS)),
    Case("sc2rpc", ("s",), f"sc2rpc (s,t) urange=(1,8,397) vrange=(1,8,397) hrange=(0,100,3900) {CAMERA}",
         lambda s: rays(COUNT), 0.0291, (DOUBLE[0], LEAPS)),
    Case("ibis2rpc", (), "ibis2rpc t o", nothing, 0.0029, RPC),
    Case("grid3pt", (), "grid3pt t cols=(1,2,3,4) v11=x", triangle, 0.0059, (*DOUBLE, "local x real")),
    Case("moore", ("w", "k"), "moore k o dmax=10", lambda w, k: distances(k), 0.1859),
    Case("moore-edgeval", ("w", "k"), "moore k o dmax=10 'edgeval", lambda w, k: distances(k), 0.1956),
    Case("gtdel", ("n", "g"), "gtdel g Z", nothing, 0.0016),
    Case("rpc2ibis", (), "rpc2ibis (r,t)", nothing, 0.0062, (*RPC, "ibis2rpc t r")),
    Case("compject", ("a", "j"), "compject (j,t) o cols=(1,2)", lambda a, j: put_in(j), 0.0504, NUMBERED),
    Case("comptab", ("a", "j"), "comptab (j,a) o", measured, 0.1572),
    Case("zipcol2", (), "zipcol2 (t,u) incol=1 outcol=2 file=(1,2)", joined, 0.0074, KEYS),
]  # fmt: skip
