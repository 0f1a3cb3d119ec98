"""Cubes: five real files against figures other software and their own labels give; written cubes against other readers."""

import filecmp
from datetime import datetime

import numpy as np
import pytest

from vicar.errors import VicarError
from vicar.isis2 import subcube, values
from vicar.isis2.cube import Cube
from vicar.isis2.errors import IsisError
from vicar.isis2.history import EMPTY, Entry, appended
from vicar.isis2.label import Label
from vicar.isis2.writer import CubeWriter, new_label, rewrite, saturated

REAL = ["EUROPA_SINU.CUB", "venus.cub", "1294648727.013-154945", "3083_med_isis2_cropped.cub",
        "3083_med_tohi_isis2_cropped.cub"]
FIGURES = {  # samples lines bands, offset of the core, item type, suffix items; from the notes on the files
    REAL[0]: ((2453, 1226, 1), 43520, "SUN_UNSIGNED_INTEGER", (0, 0, 0)),
    REAL[1]: ((266, 180, 17), 253 * 512, "VAX_INTEGER", (0, 0, 9)),
    REAL[2]: ((1, 64, 352), 58 * 512, "SUN_INTEGER", (1, 0, 0)),
    REAL[3]: ((11800, 5, 1), 4541, "PC_UNSIGNED_INTEGER", (0, 0, 0)),
    REAL[4]: ((100, 5, 1), 4103, "PC_UNSIGNED_INTEGER", (0, 0, 0)),
}


def real(shared, name):
    return shared / "testdata" / "isis2" / name


@pytest.mark.parametrize("name", REAL)
def test_structure(shared, name):
    items, offset, kind, suffixes = FIGURES[name]
    with Cube(real(shared, name)) as cube:
        assert (cube.samples, cube.lines, cube.bands) == items
        assert (cube.offset, cube.number.name, cube.layout.suffixes) == (offset, kind, suffixes)


@pytest.mark.parametrize("name", REAL)
def test_round_trip(shared, name, tmp_path):
    with Cube(real(shared, name)) as cube:
        rewrite(cube, path=tmp_path / "same.cub")
        assert cube.label.text.encode("latin-1") == cube.bytes_at(0, len(cube.label.text))
    assert filecmp.cmp(real(shared, name), tmp_path / "same.cub", shallow=False)


def test_europa(shared):
    with Cube(real(shared, REAL[0])) as cube:
        pixels = cube.read()
        assert pixels.native.mean() == pytest.approx(82.52491472638292, rel=1e-14)
        assert pixels.masks()["null"].sum() == 1127938
        assert len(cube.history.rstrip()) == 12955 and cube.history.count("END_GROUP = PARAMETERS") == 23
        assert len(cube.label.get("RESEAU_LINE", "QUBE")) == 202


def test_europa_is_formatted_as_isis_formats(shared):
    """Every array and number of seven decimals, written again, is what ISIS 2 wrote in 1996."""
    with Cube(real(shared, REAL[0])) as cube:
        checked = 0
        for s in cube.label.statements:
            if s.kind == "item" and "0000" in s.raw and "BASE" not in s.keyword:
                checked += 1
                assert values.statement(s.keyword, s.value, len(s.raw) - len(s.raw.lstrip(" "))) == s.raw
        assert checked == 20


def test_venus(shared):
    with Cube(real(shared, REAL[1])) as cube:
        distance = cube.suffix("BAND", "SLANT_DISTANCE").true()
        assert np.nanmin(distance) == pytest.approx(cube.label.get("MINIMUM_TARGET_CENTER_DISTANCE", "QUBE"), abs=0.05)
        emission = cube.suffix("BAND", "EMISSION_ANGLE").true()
        assert 3.2 < np.nanmin(emission) and np.nanmax(emission) < 88.65
        filled = cube.suffix("BAND", "PHASE_ANGLE_STD_DEV")
        assert (filled.bits == 0xFFF9FFFF).any() and np.nanmin(filled.true()) >= 0


def test_vims(shared):
    with Cube(real(shared, REAL[2])) as cube:
        core = cube.read_all().native
        group = cube.label.items("QUBE/VOLATILE_INFO")
        assert (core.min(), core.max()) == (group["CORE_MINIMUM"], group["CORE_MAXIMUM"]) == (-1567, 1889)
        assert cube.special.null == -8192
        assert cube.suffix("SAMPLE", "BACKGROUND").native.shape == (352, 64)


FORMS = [("SUN_UNSIGNED_INTEGER", 1), ("PC_UNSIGNED_INTEGER", 1), ("SUN_INTEGER", 2), ("PC_INTEGER", 2), ("VAX_INTEGER", 2),
         ("SUN_REAL", 4), ("PC_REAL", 4), ("IEEE_REAL", 4), ("VAX_REAL", 4)]


def numbers(kind, size):
    rng = np.random.default_rng(size)
    if size == 4:
        return rng.normal(0, 1000, (3, 5, 7)).astype(np.float32)
    low, high = (1, 255) if size == 1 else (-32752, 32768)
    return rng.integers(low, high, (3, 5, 7)).astype(np.uint8 if size == 1 else np.int16)


def write(path, kind, size, data, **options):
    bands, lines, samples = data.shape
    with CubeWriter(path, (samples, lines, bands), kind, size, **options) as cube:
        for band in range(bands):
            cube.write(cube.number.stored(data[band]), band=band + 1)


@pytest.mark.parametrize("kind,size", FORMS)
@pytest.mark.parametrize("names", [("SAMPLE", "LINE", "BAND"), ("SAMPLE", "BAND", "LINE"), ("BAND", "SAMPLE", "LINE")])
def test_written_cube(tmp_path, kind, size, names):
    data = numbers(kind, size)
    write(tmp_path / "a.cub", kind, size, data, names=names)
    assert (tmp_path / "a.cub").stat().st_size % 512 == 0
    with Cube(tmp_path / "a.cub") as cube:
        assert np.array_equal(cube.read_all().native, data)
        assert cube.layout.names == names
        text = cube.bytes_at(0, cube.offset)
        assert b"\0" not in text and text.count(b"\n") == text.count(b"\r\n")


@pytest.mark.parametrize("kind,size", [f for f in FORMS if f[0] not in ("VAX_INTEGER", "VAX_REAL")])
def test_gdal_reads_it(tmp_path, kind, size):
    rasterio = pytest.importorskip("rasterio")
    data = numbers(kind, size)
    write(tmp_path / "a.cub", kind, size, data)
    with rasterio.open(tmp_path / "a.cub") as image:
        assert image.driver == "ISIS2" and np.array_equal(image.read(), data)


@pytest.mark.parametrize("kind,size", FORMS)
def test_pdr_reads_it(tmp_path, kind, size):
    pdr = pytest.importorskip("pdr")
    data = numbers(kind, size)
    write(tmp_path / "a.cub", kind, size, data)
    found = np.asarray(pdr.read(str(tmp_path / "a.cub"))["QUBE"])
    assert np.array_equal(found.reshape(data.shape), data)


def test_other_readers_read_a_changed_real_cube(shared, tmp_path):
    """Label and history of a real cube changed: GDAL still finds its map projection, GDAL and pdr its pixels."""
    rasterio = pytest.importorskip("rasterio")
    pdr = pytest.importorskip("pdr")
    path = tmp_path / "b.cub"
    with Cube(real(shared, REAL[0])) as cube:
        label = cube.label.copy()
        label.set("IMAGE_NOTE", "a changed label", "QUBE")
        entry = Entry("TEST", "2026-11-21", datetime(2026, 11, 21), "node", "me", "a test", {"FROM": "a" * 9000})
        rewrite(cube, label, appended(cube.history, entry), path)
        expected = cube.read().native
    with rasterio.open(path) as image, rasterio.open(real(shared, REAL[0])) as before:
        assert np.array_equal(image.read(1), expected)
        assert image.crs == before.crs and image.transform == before.transform and not image.transform.is_identity
    found = pdr.read(str(path))
    assert np.array_equal(np.asarray(found["QUBE"]).reshape(expected.shape), expected)
    assert found.metaget("IMAGE_NOTE") == "a changed label"


def test_other_readers_take_special_pixels_as_they_are(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    pdr = pytest.importorskip("pdr")
    for kind, form in (("SUN_REAL", ">u4"), ("PC_REAL", "<u4")):
        path = tmp_path / f"{kind}.cub"
        with CubeWriter(path, (6, 1, 1), kind, 4) as cube:
            special = cube.special
            bits = np.array([[special.null, special.lrs, special.lis, special.his, special.hrs, 0x3F800000]], form)
            cube.write(bits.view(form.replace("u", "f")))
        with rasterio.open(path) as image:
            assert image.read(1).view("u4").tolist() == bits.tolist()
            assert np.float32(image.nodata).view("u4") == special.null
        found = np.asarray(pdr.read(str(path))["QUBE"]).reshape(1, 6)
        assert found.astype("<f4").view("<u4").tolist() == bits.tolist()


def test_suffixes_on_all_axes(tmp_path):
    data = numbers("SUN_INTEGER", 2)
    label = new_label()
    for axis in ("SAMPLE", "LINE", "BAND"):
        label.set(f"{axis}_SUFFIX_NAME", (f"{axis}_A", f"{axis}_B"), "QUBE")
        label.set(f"{axis}_SUFFIX_ITEM_BYTES", (4, 4), "QUBE")
        label.set(f"{axis}_SUFFIX_ITEM_TYPE", ("SUN_REAL", "SUN_REAL"), "QUBE")
    planes = {"SAMPLE": (3, 5), "LINE": (3, 7), "BAND": (5, 7)}
    path = tmp_path / "a.cub"
    with CubeWriter(path, (7, 5, 3), "SUN_INTEGER", 2, label, suffixes=(2, 2, 2)) as cube:
        for band in range(3):
            cube.write(data[band], band=band + 1)
        for n, (axis, shape) in enumerate(planes.items()):
            for which in (1, 2):
                cube.write_suffix(axis, which, np.full(shape, 10 * n + which, ">f4"))
    with Cube(path) as cube:
        assert np.array_equal(cube.read_all().native, data)
        for n, (axis, shape) in enumerate(planes.items()):
            for which in (1, 2):
                assert np.array_equal(cube.suffix(axis, f"{axis}_{' AB'[which]}").true(), np.full(shape, 10.0 * n + which))


def test_overwriting_needs_leave(tmp_path):
    write(tmp_path / "a.cub", "SUN_INTEGER", 2, numbers("", 2))
    before = (tmp_path / "a.cub").read_bytes()
    with pytest.raises(IsisError, match="already exists"):
        write(tmp_path / "a.cub", "SUN_INTEGER", 2, numbers("", 2))
    assert (tmp_path / "a.cub").read_bytes() == before
    write(tmp_path / "a.cub", "PC_INTEGER", 2, numbers("", 2), overwrite=True)


def test_label_edits_leave_the_rest_alone(shared, tmp_path):
    with Cube(real(shared, REAL[0])) as cube:
        label = cube.label.copy()
        label.set("TARGET_NAME", values.Text("IO", ""), "QUBE")
        label.add_group("NEW", "QUBE")
        label.set("X", 1.5, "QUBE/NEW")
        rewrite(cube, label, path=tmp_path / "b.cub")
        with Cube(tmp_path / "b.cub") as other:
            assert other.label.get("TARGET_NAME", "QUBE") == "IO" and other.label.get("X", "QUBE/NEW") == 1.5
            assert np.array_equal(other.read().native, cube.read().native) and other.history == cube.history
            assert other.file_size == cube.file_size
            changed = set(other.label.text.splitlines()) - set(cube.label.text.splitlines())
            assert len(changed) == 4


def test_history_outgrows_its_room(shared, tmp_path):
    with Cube(real(shared, REAL[1])) as cube:
        text = cube.history + "X" * 20000
        rewrite(cube, history=text, path=tmp_path / "b.cub")
        with Cube(tmp_path / "b.cub") as other:
            assert other.history.rstrip() == text.rstrip()
            assert np.array_equal(other.read_all().native, cube.read_all().native)
            assert other.label.get("^HISTOGRAM_IMAGE") > cube.label.get("^HISTOGRAM_IMAGE")
            assert other.label.get("FILE_RECORDS") * 512 == other.file_size


def test_rounding_and_saturation():
    from vicar.isis2.special import usual

    given = np.array([0.5, -0.5, 1.49999, 2.5, 40000, -40000, -32752.4, -32753, np.nan, 0])
    assert saturated(given, usual("i", 2), np.int16).tolist() == [1, -1, 1, 3, -32764, -32767, -32752, -32767, -32768, 0]
    assert saturated(np.array([0.4, 0.5, 254.4, 254.5, np.nan]), usual("u", 1), np.uint8).tolist() == [0, 1, 254, 255, 0]


@pytest.mark.parametrize("text,samples,lines,bands", [
    ("", range(1, 267), range(1, 181), range(1, 18)), ("6#4", range(6, 10), range(1, 181), range(1, 18)),
    ("1-3:7:2-*", range(1, 4), [7], range(2, 18)), ("1 5,9", [1, 5, 9], range(1, 181), range(1, 18)),
])  # fmt: skip
def test_subcube(shared, text, samples, lines, bands):
    with Cube(real(shared, REAL[1])) as cube:
        part = subcube.parse(text, cube)
        assert (part.samples, part.lines, part.bands) == (tuple(samples), tuple(lines), tuple(bands))


@pytest.mark.parametrize("text", ["267", "0", "5-2", "1:1:18", "1:1:1:1", "a", "6#400"])
def test_subcube_outside(shared, text):
    with Cube(real(shared, REAL[1])) as cube, pytest.raises(IsisError):
        subcube.parse(text, cube)


def test_physical_order(shared):
    with Cube(real(shared, REAL[2])) as cube:  # stored as samples, bands, lines
        assert subcube.parse("P:3:9", cube).shape == (1, 1, 1)
        assert subcube.parse("P:3:9", cube).bands == (3,)


@pytest.mark.parametrize("data", [b"", b"hello", b"LBLSIZE=400 FORMAT='BYTE'", b"CCSD3ZF = SFDU_LABEL\r\nEND\r\n",
                                  b"CCSD3ZF = SFDU_LABEL\r\n^QUBE = (\r\n"])
def test_no_cube(tmp_path, data):
    (tmp_path / "a.cub").write_bytes(data)
    with pytest.raises(IsisError):
        Cube(tmp_path / "a.cub")


def test_label_values():
    label = Label('A = 16#FF7FFFFB#\r\nB = (1, 2.5,\r\n  "x y") /* why */\r\nC = 5 <BYTES>\r\nD = NULL\r\nEND\r\n')
    assert label.get("A") == 0xFF7FFFFB and label.get("B") == (1, 2.5, "x y")
    assert label.get("C").unit == "BYTES" and label.find("D").value is None


@pytest.mark.parametrize("name", [REAL[1], REAL[2], REAL[4]])
def test_damaged_labels(shared, name, tmp_path):
    """Whatever is done to a label: a cube, or one clear sentence."""
    rng = np.random.default_rng(3)
    whole = real(shared, name).read_bytes()[:60000]
    end = min(len(whole), 9000)
    for number in range(300):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 30)):
            data[rng.integers(0, end)] = rng.choice(list(b'0123456789()"#=, \r\nAZ\0<>/*-'))
        path = tmp_path / f"{number}.cub"
        path.write_bytes(data[: rng.integers(end // 2, len(data))] if number % 3 == 0 else data)
        try:
            with Cube(path) as cube:
                assert isinstance(cube.history, str)
                if cube.samples * cube.lines < 1 << 20:
                    cube.read(1, 1, 1).true()
        except (IsisError, VicarError):
            pass


@pytest.mark.parametrize("keyword,text", [
    ("RECORD_BYTES", "-1"), ("RECORD_BYTES", "nan"), ("^QUBE", "0"), ("^QUBE", '"x"'), ("^QUBE", "1e99"),
    ("AXIS_NAME", "(SAMPLE,LINE)"), ("AXIS_NAME", "5"), ("CORE_ITEMS", "(1,2.5,3)"), ("CORE_ITEMS", "(266,-180,17)"),
    ("CORE_ITEM_TYPE", "NULL"), ("CORE_ITEM_TYPE", "7"), ("CORE_ITEM_BYTES", "()"), ("SUFFIX_ITEMS", "(0,9)"),
    ("SUFFIX_BYTES", "-4"), ("CORE_BASE", "(1,2)"), ("CORE_MULTIPLIER", '"many"'),
])  # fmt: skip
def test_one_wrong_keyword(shared, tmp_path, keyword, text):
    """A value that makes no sense is refused with a sentence that names it, not believed and not tripped over."""
    data = real(shared, REAL[1]).read_bytes()
    with Cube(real(shared, REAL[1])) as cube:
        statement = cube.label.find(keyword, "" if keyword[0] in "^R" else "QUBE").raw
    new = f"{keyword} = {text}\r\n"
    (tmp_path / "a.cub").write_bytes(data.replace(statement.encode(), new.encode().rjust(len(statement)), 1))
    with pytest.raises(IsisError):
        Cube(tmp_path / "a.cub")


@pytest.mark.parametrize("kind,size", FORMS)
def test_special_pixels_of_every_form(tmp_path, kind, size):
    label = new_label()
    with CubeWriter(tmp_path / "a.cub", (7, 1, 1), kind, size, label) as cube:
        special = cube.special
        patterns = [special.null, special.lrs, special.lis, special.his, special.hrs]
        form = cube.number.dtype.str.replace("f", "u")
        ordinary = cube.number.stored(np.array([1, 2], np.uint8 if size == 1 else np.int16 if size == 2 else np.float32))
        stored = np.concatenate([np.array(patterns).astype(form), ordinary.view(form)]).astype(form)
        cube.write(stored.view(cube.number.dtype)[np.newaxis])
    with Cube(tmp_path / "a.cub") as cube:
        pixels = cube.read()
        assert cube.special == special
        assert np.isnan(pixels.true()[0, :5]).all() and pixels.true()[0, 5:].tolist() == [1, 2]
        assert [bool(pixels.masks()[n].any()) for n in ("null", "lrs", "lis", "his", "hrs")] == (
            [True, False, False, True, False] if size == 1 else [True] * 5)


def test_history_is_written_as_isis_wrote_it(shared):
    """All 23 entries of a history of 1996, written again from their values, byte for byte."""
    with Cube(real(shared, REAL[0])) as cube:
        text = cube.history
    written, history = 0, EMPTY
    for block in text.removesuffix("END\r\n").split("\r\nGROUP = ")[1:]:
        label = Label("GROUP = " + block + "END\r\n")
        name = block.split()[0]
        top = label.items(name)
        inside = {k: () if v is None else v for k, v in label.items(f"{name}/PARAMETERS").items()}
        entry = Entry(name, top["VERSION_DATE"], datetime.fromisoformat(top["DATE_TIME"]), top["NODE_NAME"], top["USER_NAME"],
                      top["SOFTWARE_DESC"], inside, top.get("USERNOTE"))
        assert entry.text() == "\r\nGROUP = " + block
        history = appended(history, entry)
        written += 1
    assert written == 23 and history == text
