"""Programs that have a compiled loop for large images: it gives what the numpy way gives, on random images of odd sizes."""

import io

import numpy as np
import pytest

from monitor.session import Session
from vicar.image import create_image, open_image
from vicar.numerics import compiled

SIZES = ((37, 53), (64, 64), (5, 90))
FACTORS = ((60, 98), (63, 242), (16, 6), (1, 35), (78, 1))
DTYPES = {"BYTE": np.uint8, "HALF": np.int16, "FULL": np.int32, "REAL": np.float32}
LGEOM = "nah=1 nav=1 tiepoint=(1,1,-2.5,4,1,40,7.25,44.5,33,1,30,-3,33,40,39.5,60)"

CASES = [
    ("lgeom a o {options} " + LGEOM, ("BYTE", "HALF"), ("", "'noin", "'noiz", "'noin 'noiz"), SIZES),
    ("median a o {options}", ("BYTE", "HALF"),
     ("nlw=3 nsw=5", "nlw=5 nsw=3 'highpass dctran=.3", "nlw=5 nsw=61", "percent=10"), SIZES),
    ("size a o {options}", ("BYTE", "HALF"), ("zoom=2", "lzoom=2.4 szoom=3 scale=1.7", "nl=101 ns=203 limits=(9,99)"), SIZES),
    ("fft22 a o", ("BYTE", "HALF", "REAL"), ("",), FACTORS),
    ("fft11 a o", ("BYTE", "REAL"), ("",), FACTORS),
    ("fft11 c o {options} 'inverse", ("REAL",), ("oform=half", "oform=real"), FACTORS[:3]),
    ("fastmos (a,b,a) o off3=(3,2) thresh=40. mmode=average", ("BYTE", "HALF", "REAL"), ("",), SIZES),
    ("tfilt a (o,p) {options}", ("BYTE", "HALF", "FULL", "REAL"),
     ("nlw=5 nsw=3 filter=high thresh=2.", "nlw=1 nsw=1 filter=low boost=1.7 offset=3.", "nlw=3 nsw=5 filter=scene dctran=.3",
      "nlw=5 nsw=5 filter=divide thresh=100."), SIZES),
    ("boxflt2 a o {options}", ("BYTE", "HALF", "FULL", "REAL"),
     ("nlw=3 nsw=5", "nlw=4 nsw=2 edge=cycle", "nlw=5 nsw=31 filter=highpass"), SIZES),
    ("gtstat a o {options}", ("BYTE", "HALF"), ("", "window=7 factor=-.3"), SIZES),
    ("concomp1 a o {options}", ("BYTE",), ("thresh=2 replace=7", "'mode", "thresh=8 'mode range=(3,90)"), SIZES),
    ("difnear (a,b) o {options}", ("BYTE", "HALF"), ("", "window=5 'abs", "'halfpix 'add128"), SIZES),
    ("gtsize a o {options}", ("BYTE", "HALF"), ("nl=50 ns=31", "azoom=0.2", "azoom=1.7", "azoom=2 'noin"), SIZES),
    ("concomp a (o,p) {options}", ("BYTE",), ("", "'zedge thresh=4 startcmp=7"), SIZES),
    ("concompi (a,b) (o,p) {options}", ("BYTE",), ("", "'zedge thresh=400"), SIZES),
    ("xform (a,b) (o,p) matrix=(.7,.3,-.4,1.2) {options}", ("BYTE", "HALF", "FULL"),
     ("", "percent=4. inc=2 'firm spread=40. center=100.", "gain=1.e9 offset=7. area=(2,3,3,2,1,1,5,50)"), SIZES),
    ("moore a o {options}", ("HALF",), ("dmax=5", "dmax=2 'outone", "dmax=9 'edgeval"), SIZES),
]


def commands():
    return [(command.format(options=option), name, sizes)
            for command, formats, options, sizes in CASES for name in formats for option in options]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("compiled")


def pixels(shape, name: str, generator) -> np.ndarray:
    high = {"BYTE": 256, "HALF": 3000}.get(name, 100000)
    values = generator.integers(0 if name == "BYTE" else -high, high, shape)
    values[generator.random(shape) < 0.2] = 0
    return values.astype(DTYPES[name]) / np.float32(7) if name == "REAL" else values.astype(DTYPES[name])


@pytest.mark.parametrize("command, name, sizes", commands())
def test_same_as_numpy(folder, monkeypatch, command, name, sizes):
    pytest.importorskip("numba")
    pick = compiled.Kernel.pick
    session = Session(directory=folder, environment={"HOME": str(folder)}, user="user", output=io.StringIO())
    generator = np.random.default_rng(11)
    for nl, ns in sizes:
        for file in ("a", "b"):
            with create_image(folder / file, nl=nl, ns=ns, nb=1, format=name, u_format=name) as image:
                image.write_window(pixels((nl, ns), name, generator))
        with create_image(folder / "c", nl=nl, ns=ns, nb=1, format="COMP", u_format="COMP") as image:
            image.write_window(pixels((nl, 2 * ns), "REAL", generator).view(np.complex64))
        made = []
        for size in (0, 1 << 40):
            (folder / "o").unlink(missing_ok=True)
            monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels, size=size: pick(self, size) if size else None)
            session.run_command_line(command, slogon=False)
            with open_image(folder / "o") as image:
                made.append((image.format, image.read_all().tobytes()))
        assert made[0] == made[1]


@pytest.mark.parametrize("command, name", [
    ("hist a", "BYTE"), ("hist a", "HALF"), ("hist a", "FULL"), ("hist a", "REAL"), ("hist a limits=(-100,5000) 'exclude", "REAL"),
    ("entropy a", "BYTE"), ("f2 a o function=\"in1*2+3\" exclude=(5) replace=9", "HALF"),
    ("f2 (a,b) o function=\"in1-in2\"", "HALF"),
])  # fmt: skip
def test_same_messages(folder, monkeypatch, command, name):
    pytest.importorskip("numba")
    pick = compiled.Kernel.pick
    generator = np.random.default_rng(12)
    for file in ("a", "b"):
        with create_image(folder / file, nl=61, ns=83, nb=1, format=name, u_format=name) as image:
            image.write_window(pixels((61, 83), name, generator))
    said = []
    for size in (0, 1 << 40):
        (folder / "o").unlink(missing_ok=True)
        monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels, size=size: pick(self, size) if size else None)
        output = io.StringIO()
        session = Session(directory=folder, environment={"HOME": str(folder)}, user="user", output=output)
        session.run_command_line(command, slogon=False)
        made = b""
        if " o " in command:
            with open_image(folder / "o") as image:
                made = image.read_all().tobytes()
        said.append((output.getvalue(), made))
    assert said[0] == said[1] and "TAE-" not in said[0][0]


def test_tables_and_counts(monkeypatch):
    pytest.importorskip("numba")
    from vicar.numerics import bytetables

    pick = compiled.Kernel.pick
    generator = np.random.default_rng(13)
    one, two = (generator.integers(0, 256, (317, 211)).astype(np.uint8) for _ in range(2))
    half = generator.integers(-32768, 32768, (317, 211)).astype(np.int16)
    table, large = generator.integers(0, 256, 256).astype(np.uint8), generator.integers(0, 256, (256, 256)).astype(np.uint8)
    for size in (0, 1 << 40):
        monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels, size=size: pick(self, size) if size else None)
        assert (bytetables.through_table(table, one[:, ::3]) == table[one[:, ::3]]).all()
        assert (bytetables.through_two(large, one, two) == large[one, two]).all()
        assert (bytetables.count_bytes(one) == np.bincount(one.ravel(), minlength=256)).all()
        assert (bytetables.count_bytes(np.repeat(one, 17)) == 17 * np.bincount(one.ravel(), minlength=256)).all()
        assert (bytetables.count_halfwords(half) == np.bincount(half.ravel().astype(int) + 32768, minlength=65536)).all()


def test_counts_of_components(monkeypatch):
    pytest.importorskip("numba")
    from programs.ibis import _components

    pick = compiled.Kernel.pick
    generator = np.random.default_rng(14)
    for nl, ns in ((23, 31), (9, 4), (5, 2), (6, 1)):
        numbers = generator.integers(-2, 9, (nl, ns)).astype(np.int32)
        others = [generator.integers(-1 << 31, 1 << 31, (nl, ns)).astype(np.int32) for _ in range(2)]
        found = []
        for size in (0, 1 << 40):
            monkeypatch.setattr(compiled.Kernel, "pick", lambda self, pixels, size=size: pick(self, size) if size else None)
            parts = _components.Components(sums=[np.zeros((0, 2), np.int64) for _ in others])
            parts.grow(8)
            for start in range(0, nl, 4):
                few = slice(start, start + 4)
                _components.add(parts, numbers[few], [other[few] for other in others], start, (3, 5))
            found.append((parts.places.tolist(), [table.tolist() for table in parts.sums]))
        assert found[0] == found[1]


def test_spreading_and_codes():
    """Kernels that call others."""
    pytest.importorskip("numba")
    from programs.filters import _city
    from vicar.image import compression
    from vicar.numerics import thiessen

    generator = np.random.default_rng(14)
    for reach in (1, 4, 9):
        values = np.where(generator.random((41, 37)) < 0.06, generator.integers(-3, 14, (41, 37)), 0).astype(np.int16)
        cells = [np.full((41 + reach, 37), reach + 1, np.int16) for _ in range(2)]
        for way, made in zip((_city.spread.plain, _city.spread.compiled), cells):
            way(values, made, np.zeros((37 * (reach + 1), 3), np.int32), reach)
        assert (cells[0] == cells[1]).all() and (cells[0][reach:] != reach + 1).any()
    for size in (1, 7, 3000):
        line = np.repeat(generator.integers(0, 256, size), generator.integers(1, 400, size)).astype(np.uint8)
        code = compression.encode(line)
        for of in (0, 1 << 40):
            assert (compression.decode(code, len(line), of) == line).all()
            assert len(compression.decode(code[: len(code) // 2], len(line), of)) == len(line)
    x, y = generator.uniform(0, 99, (2, 70))
    found = thiessen.triangulate(x, y, 1e-4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled.Kernel, "best", lambda self, size: self.compiled)
        assert (thiessen.triangulate(x, y, 1e-4) == found).all()
