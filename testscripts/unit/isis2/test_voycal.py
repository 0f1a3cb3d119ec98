"""VOYCAL against an independent, slow evaluation of the documented equations, on real raw frames with made-up calibration."""

import json
import math
import os

import numpy as np
import pytest

from monitor.session import ProgramFailed, Session
from vicar.isis2.cube import Cube
from vicar.isis2.radiometry import exposure_factor, sensitivity
from vicar.isis2.writer import CubeWriter, new_label

AU = 149597870.7
FRAMES = ["f1636832.raw", "V1NA_0947106_RAW.vic"]
ROW = dict(w0=1432.1, dist0=7.5e8, gain=1.07, offset=-0.75, del_exp=-1.25)
CURVE = dict(b=3.3, k=4.0, linorm=128.0)


@pytest.fixture(scope="module")
def bench(shared, tmp_path_factory):
    """A session in a folder with two real frames as cubes and a calibration for both."""
    folder = tmp_path_factory.mktemp("voycal")
    (folder / "cal").mkdir()
    environment = {**os.environ, "ISISVOYDATA": str(folder / "cal"), "HOST": "node"}
    session = Session(directory=folder, environment=environment, user="me")
    rng = np.random.default_rng(5)
    rows, curves = [], []
    for n, name in enumerate(FRAMES):
        session.run("vic2isis", str(shared / "testdata/voyager/ficor77" / name), f"raw{n}")
        with Cube(folder / f"raw{n}.cub") as cube:
            q = cube.label.items("QUBE")
        sc = q["SPACECRAFT_NAME"][-1]
        state = f"VOYAGER {sc} {q['INSTRUMENT_ID']} {q['FILTER_NAME']} {q['CAMERA_STATE_1']} {q['CAMERA_STATE_2']} 1"
        rows.append(f"{state} {q['CAL_TARGET_CODE']} " + " ".join(map(repr, ROW.values())) + " g o")
        curves.append(f"{state} " + " ".join(map(repr, CURVE.values())))
    rows = ["Comments have fewer words than a row.", "", *rows, rows[0] + "-never"]
    (folder / "cal/voycal.sav").write_text("\n".join(rows) + "\n")
    (folder / "cal/voylin.sav").write_text("\n".join(curves) + "\n")
    gain = rng.uniform(0.7, 1.4, (800, 800)).astype(np.float32)
    offset = rng.normal(-8, 2, (800, 800)).astype(np.float32)
    plane(folder / "cal/g.cub", gain, holes=[(3, 4)])
    plane(folder / "cal/o.cub", offset, holes=[(5, 6)])
    plane(folder / "corr.cub", -offset / 3)
    dark = rng.integers(1, 20, (800, 800)).astype(np.uint8)
    dark[7, 8] = 0  # NULL
    with CubeWriter(folder / "dark.cub", (800, 800, 1), "SUN_UNSIGNED_INTEGER", 1) as cube:
        cube.write(dark)
    return session, folder


def plane(path, values, holes=()):
    with CubeWriter(path, (800, 800, 1), "PC_REAL", 4) as cube:
        values = values.astype("<f4").copy()
        for hole in holes:
            values.view("<u4")[hole] = cube.special.null
        cube.write(values)


def raw_bytes(path):
    """Pixels of a cube, found without our reader."""
    data = path.read_bytes()
    at = (int(data[: data.index(b"OBJECT = QUBE")].split(b"^QUBE = ")[1].split()[0]) - 1) * 512
    return data, at


def floats(path, order):
    data, at = raw_bytes(path)
    bits = np.frombuffer(data, order + "u4", 640000, at)
    result = bits.astype("u4").view("f4").astype(np.float64)
    result[bits == 0xFF7FFFFB] = np.nan
    return result


def expected(folder, frame, seconds, sun, options):
    """The equations as documented, in double precision, pixel arrays flattened; I/F with NaN for NULL, and the raw values."""
    data, at = raw_bytes(folder / f"raw{frame}.cub")
    dr = np.frombuffer(data, "u1", 640000, at).astype(np.float64)
    g = floats(folder / "cal/g.cub", "<")
    dc = floats(folder / "cal/o.cub", "<")
    if options.get("dcfile") == "corr":
        dc = floats(folder / "corr.cub", "<")
    elif options.get("dcfile") == "dark":
        data, at = raw_bytes(folder / "dark.cub")
        dark = np.frombuffer(data, "u1", 640000, at).astype(np.float64)
        dc = np.where((dark == 0) | (dark == 255), np.nan, -dark)
    w0 = options.get("w0", ROW["w0"])
    exp = options.get("exp", seconds) + options.get("del_exp", ROW["del_exp"]) / 1000
    w1 = w0 * (ROW["dist0"] ** 2 / sun**2)
    x = options.get("gain", ROW["gain"]) * dr + dc + options.get("off", ROW["offset"])
    if options.get("linear", "YES") == "YES":
        b, k, linorm = (options.get(n, CURVE[n]) for n in ("b", "k", "linorm"))
        a = (linorm - b) / linorm
        x = a * x + b * (x / linorm) ** k
    return 1.0 / (exp * w1) * g * x, dr


def nearest(value, norm, low, high, null, lrs, hrs):
    """Scalar by scalar: round halves away from zero, clip to flags."""
    out = []
    for v in value:
        if math.isnan(v):
            out.append(null)
            continue
        r = math.floor(abs(v * norm) + 0.5)
        r = -r if v < 0 else r
        out.append(lrs if r < low else hrs if r > high else r)
    return np.array(out)


CASES = [
    {}, {"linear": "NO"}, {"exp": 0.333}, {"del_exp": 0.5}, {"w0": 999.5}, {"sun": 5.2}, {"sun": 801.25}, {"gain": 1.5},
    {"off": 3.5}, {"b": 5.5}, {"k": 3}, {"linorm": 100.0}, {"dcfile": "dark"}, {"dcfile": "corr"}, {"norm": 20000.0},
    {"sat_flag": "YES"}, {"otype": 1}, {"otype": 1, "norm": 180.0}, {"otype": 1, "sat_flag": "YES"}, {"otype": 3},
    {"otype": 3, "sat_flag": "YES"}, {"otype": None}, {"exp": 0.001, "del_exp": 0.001}, {"orange": (-0.5, 1.5)},
]  # fmt: skip


@pytest.mark.parametrize("frame", [0, 1])
@pytest.mark.parametrize("options", CASES, ids=str)
def test_equations(bench, tmp_path, frame, options):
    session, folder = bench
    with Cube(folder / f"raw{frame}.cub") as cube:
        seconds = cube.label.get("EXPOSURE_DURATION", "QUBE")
    session.run("voycal", f"raw{frame}", str(tmp_path / "out"), **options)
    sun = options.get("sun")
    distance = ROW["dist0"] if sun is None else sun * AU if sun < 100 else sun * 1e6
    value, dr = expected(folder, frame, seconds, distance, options)
    otype = options.get("otype", 2) or 1
    data, at = raw_bytes(tmp_path / "out.cub")
    flag = (dr >= 254) & (options.get("sat_flag") == "YES")
    null_in, high_in = (dr == 0) & ~flag, (dr == 255) & ~flag
    if otype == 3:
        bits = value.astype(">f4").view(">u4").copy()
        bits[np.isnan(value)] = 0xFF7FFFFB
        bits[null_in], bits[high_in] = 0xFF7FFFFB, 0xFF7FFFFE
        bits[flag] = np.array(32767, ">f4").view(">u4")
        assert np.array_equal(np.frombuffer(data, ">u4", 640000, at), bits)
        return
    low, high = options.get("orange", (0.0, 1.0))
    norm = options.get("norm", 100.0 if otype == 1 else 10000.0)
    shares = (value - low) / (high - low)
    if otype == 1:
        stored, null, his, form = nearest(shares, norm, 1, 254, 0, 0, 255), 0, 255, "u1"
        stored[flag] = 255
    else:
        stored, null, his, form = nearest(shares, norm, -32752, 32767, -32768, -32767, -32764), -32768, -32765, ">i2"
        stored[flag] = 32767
    stored[null_in], stored[high_in] = null, his
    assert np.array_equal(np.frombuffer(data, form, 640000, at), stored)
    with Cube(tmp_path / "out.cub") as cube:
        assert cube.multiplier == (high - low) / norm and cube.base == low


def test_viking_row(shared):
    truth = json.loads((shared / "testdata/isis2/truth_values.json").read_text())["vikcal_ISIS3_test"]
    w1 = sensitivity(truth["w0"], truth["dist0_km"], truth["dist1_km"])
    assert w1 == pytest.approx(119.8487396465509, rel=1e-14)
    factor = exposure_factor(truth["label_exposure_ms"] + truth["implied_del_exp_ms"], w1)
    assert factor == pytest.approx(0.00107941148535833, rel=1e-14)


def test_report_has_what_voyramp_needs(bench, tmp_path):
    session, folder = bench
    heard = []
    session.program_message = lambda text, key="": heard.append(text)
    try:
        session.run("voycal", "raw0", str(tmp_path / "out"))
    finally:
        del session.program_message
    numbers = {k.strip(): float(v) for k, _, v in (line.partition(" = ") for line in heard) if v and "/" in k or k.strip() in
               ("GAIN", "OFF")}
    assert set(numbers) == {"1/(EXP*W1)", "GAIN", "OFF"} and numbers["GAIN"] == ROW["gain"]
    log = (folder / "print.prt").read_text()
    assert all(line in log for line in heard)


def test_sun_vector_of_the_label(bench, tmp_path):
    session, folder = bench
    with Cube(folder / "raw0.cub") as cube:
        label = new_label(cube)
        label.set("SC_SUN_POSITION_VECTOR", (480145376.0, -573756032.0, -257657952.0), "QUBE")
        with CubeWriter(tmp_path / "v.cub", (800, 800, 1), "SUN_UNSIGNED_INTEGER", 1, label) as copy:
            copy.write(cube.read().native)
    session.run("voycal", str(tmp_path / "v"), str(tmp_path / "one"), otype=3)
    session.run("voycal", "raw0", str(tmp_path / "two"), otype=3, sun=791.2794617445)
    with Cube(tmp_path / "one.cub") as one, Cube(tmp_path / "two.cub") as two:
        assert np.allclose(one.read().true(), two.read().true(), rtol=1e-6, equal_nan=True)


REFUSED = [
    ({"filter": "3"}, "No row of .*voycal.sav matches VOYAGER"),
    ({"exp": 0.00125}, "exposure time is 0 seconds"),
    ({"exp": -1.0}, "exposure time"),
    ({"state1": "99"}, "No row"),
    ({"dcfile": "small"}, "must be alike"),
    ({"dcfile": "sixteen"}, "must be 8-bit"),
    ({"dcfile": "nowhere"}, "does not exist"),
    ({"orange": (1.0, 1.0)}, "is empty"),
]


@pytest.mark.parametrize("options,text", REFUSED, ids=str)
def test_refused(bench, tmp_path, options, text):
    session, folder = bench
    if not (folder / "small.cub").exists():
        for name, size in (("small", 10), ("sixteen", 800)):
            with CubeWriter(folder / f"{name}.cub", (size, size, 1), "SUN_INTEGER", 2) as cube:
                cube.write(np.zeros((size, size), np.int16))
    with pytest.raises(ProgramFailed, match=text):
        session.run("voycal", "raw0", str(tmp_path / "out"), **options)
    assert list(tmp_path.iterdir()) == []


def test_unknown_camera_state(bench, tmp_path):
    session, folder = bench
    with CubeWriter(folder / f"bare{tmp_path.name}.cub", (800, 800, 1), "SUN_UNSIGNED_INTEGER", 1) as cube:
        cube.write(np.full((800, 800), 9, np.uint8))
    with pytest.raises(ProgramFailed, match="have no SPACECRAFT_NAME, and the parameter SPCRAFT"):
        session.run("voycal", f"bare{tmp_path.name}", str(tmp_path / "out"))
    with pytest.raises(ProgramFailed, match="have no CAMERA_STATE_1, and the parameter STATE1"):
        session.run("voycal", f"bare{tmp_path.name}", str(tmp_path / "out"), spcraft="VOYAGER", spnum=1, inst_id="NA",
                    filter="0", tar_code="J")
    assert list(tmp_path.iterdir()) == []


def test_missing_tables_are_named(bench, tmp_path):
    _, folder = bench
    for data in ("", str(tmp_path)):
        session = Session(directory=folder, environment={**os.environ, "ISISVOYDATA": data})
        with pytest.raises(ProgramFailed, match="voycal.sav.*MAKESAV"):
            session.run("voycal", "raw0", str(tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


def test_existing_output(bench, tmp_path):
    session, folder = bench
    session.run("voycal", "raw0", str(tmp_path / "out"))
    before = (tmp_path / "out.cub").read_bytes()
    with pytest.raises(ProgramFailed, match="already exists"):
        session.run("voycal", "raw1", str(tmp_path / "out"))
    assert (tmp_path / "out.cub").read_bytes() == before
    session.environment["ISIS_FILE_OVERWRITE"] = "TRUE"
    try:
        session.run("voycal", "raw1", str(tmp_path / "out"))
    finally:
        del session.environment["ISIS_FILE_OVERWRITE"]
    assert (tmp_path / "out.cub").read_bytes() != before


def test_history(bench, tmp_path):
    session, folder = bench
    session.run("voycal", "raw0", str(tmp_path / "out"), usernote="a note")
    with Cube(tmp_path / "out.cub") as cube:
        text = cube.history
    assert text.index("GROUP = VIC2ISIS") < text.index("GROUP = VOYCAL") and text.endswith("END_GROUP = VOYCAL\r\nEND\r\n")
    entry = text[text.index("GROUP = VOYCAL"):]
    assert 'USERNOTE = "a note"' in entry and 'NODE_NAME = "node"' in entry and 'USER_NAME = "me"' in entry
    inside = entry[entry.index("GROUP = PARAMETERS"):]
    assert [line.split()[0] for line in inside.splitlines()[1:28]] == (
        "FROM TO DCFILE EXP LINEAR B LINORM K DEL_EXP W0 SUN OFF GAIN NORM SPCRAFT SPNUM IMAGE_NO INST_ID TAR_CODE FILTER "
        "STATE1 STATE2 STATE3 SAT_FLAG OTYPE ORANGE USERNOTE").split()


@pytest.mark.parametrize("family", ["PC", "VAX", "IEEE"])
@pytest.mark.parametrize("otype", [1, 2, 3])
def test_number_families(bench, shared, tmp_path, family, otype):
    session, folder = bench
    session.run("vic2isis", str(shared / "testdata/voyager/ficor77" / FRAMES[0]), str(tmp_path / "raw"), family=family)
    session.run("voycal", str(tmp_path / "raw"), str(tmp_path / "out"), otype=otype, sat_flag="YES")
    session.run("voycal", "raw0", str(tmp_path / "sun"), otype=otype, sat_flag="YES")
    with Cube(tmp_path / "out.cub") as one, Cube(tmp_path / "sun.cub") as two:
        if family != "IEEE":
            assert one.number.name.startswith(family)
        assert np.array_equal(one.read().true(), two.read().true(), equal_nan=True)
        for name, here in one.read().masks().items():
            assert np.array_equal(here, two.read().masks()[name])


def test_camera_state_by_parameters(bench, tmp_path):
    """Every parameter that stands for a keyword: over a label that says otherwise, and over one that says nothing."""
    session, folder = bench
    with Cube(folder / "raw0.cub") as cube:
        q, frame = cube.label.items("QUBE"), cube.read().native
    wrong = dict(SPACECRAFT_NAME="VOYAGER_9", INSTRUMENT_ID="XX", CAL_TARGET_CODE="X", FILTER_NAME="9", CAMERA_STATE_1="9",
                 CAMERA_STATE_2="9", CAMERA_STATE_3="9", IMAGE_NUMBER="9", EXPOSURE_DURATION=9.0)
    given = dict(spcraft="VOYAGER", spnum=int(q["SPACECRAFT_NAME"][-1]), inst_id=q["INSTRUMENT_ID"], filter=q["FILTER_NAME"],
                 tar_code=q["CAL_TARGET_CODE"], state1=q["CAMERA_STATE_1"], state2=q["CAMERA_STATE_2"], state3="1",
                 image_no=12345, exp=q["EXPOSURE_DURATION"])
    session.run("voycal", "raw0", str(tmp_path / "usual"))
    usual, at = raw_bytes(tmp_path / "usual.cub")
    for number, keywords in enumerate([wrong, {}]):
        label = new_label()
        for key, value in keywords.items():
            label.set(key, value, "QUBE")
        with CubeWriter(tmp_path / f"w{number}.cub", (800, 800, 1), "SUN_UNSIGNED_INTEGER", 1, label) as cube:
            cube.write(frame)
        heard = report(session, "voycal", str(tmp_path / f"w{number}"), str(tmp_path / f"o{number}"), **given)
        assert any(line.startswith("Image 12345: VOYAGER 1") for line in heard)
        data, here = raw_bytes(tmp_path / f"o{number}.cub")
        assert data[here : here + 1280000] == usual[at : at + 1280000]
        for missing in given.keys() - {"image_no", "spcraft" if number == 0 else ""}:
            with pytest.raises(ProgramFailed):
                some = {k: v for k, v in given.items() if k != missing}
                session.run("voycal", str(tmp_path / f"w{number}"), str(tmp_path / "no"), **some,
                            **({"exp": -1.0} if missing == "exp" else {}))
    assert not (tmp_path / "no.cub").exists()


def report(session, *words, **options):
    """What a program says."""
    heard = []
    session.program_message = lambda text, key="": heard.append(text)
    try:
        session.run(*words, **options)
    finally:
        del session.program_message
    return heard


@pytest.mark.parametrize("kind,size", [("SUN_INTEGER", 2), ("VAX_INTEGER", 2), ("PC_REAL", 4), ("VAX_REAL", 4)])
@pytest.mark.parametrize("otype", [1, 2, 3, None])
def test_special_pixels_and_scaled_input(bench, tmp_path, kind, size, otype):
    """The five special pixels of wider inputs go through; base and multiplier of the input count."""
    session, folder = bench
    with Cube(folder / "raw0.cub") as cube:
        label, frame = new_label(cube), cube.read().native.astype(np.int16 if size == 2 else np.float32) * 4 - 40
    names = ["null", "lrs", "lis", "his", "hrs"]
    with CubeWriter(tmp_path / "in.cub", (800, 800, 1), kind, size, label, base=10.0, multiplier=0.25) as cube:
        stored = cube.number.stored(frame).copy()
        bits = stored.view(stored.dtype.str.replace("f", "u"))
        for place, name in enumerate(names):
            bits[400, 100 + place] = getattr(cube.special, name)
        cube.write(stored)
    session.run("voycal", str(tmp_path / "in"), str(tmp_path / "out"), otype=otype)
    session.run("voycal", "raw0", str(tmp_path / "plain"), otype=otype or size - size // 4)
    with Cube(tmp_path / "out.cub") as one, Cube(tmp_path / "plain.cub") as two, Cube(folder / "raw0.cub") as raw:
        assert one.number.dtype.itemsize == {1: 1, 2: 2, 3: 4, None: size}[otype]
        masks = one.read().masks()
        for place, name in enumerate(names):
            here = {"lrs": "null", "lis": "null", "hrs": "his"}.get(name, name) if otype == 1 else name
            assert masks[here][400, 100 + place]
        same = raw.read().valid()
        same[400, 100:105] = False
        assert np.array_equal(one.read().true()[same], two.read().true()[same], equal_nan=True)


def test_viking_frame(bench, shared, tmp_path):
    """The Viking check row through the program: exposure factor to 14 digits, and a row as the Viking tables have it."""
    _, folder = bench
    truth = json.loads((shared / "testdata/isis2/truth_values.json").read_text())["vikcal_ISIS3_test"]
    (tmp_path / "cal").mkdir()
    (tmp_path / "cal/voycal.sav").write_text(f"VIKING 1 4 4 1 1 1 0 {truth['w0']} {truth['dist0_km']} 1.0 0 -0.75 g o\n")
    (tmp_path / "cal/voylin.sav").write_text("VIKING 1 4 4 1 1 1 0.0 4.0 128.0\n")
    label = new_label()
    keywords = dict(SPACECRAFT_NAME="VIKING_ORBITER_1", IMAGE_NUMBER="33322515", INSTRUMENT_ID="4", FILTER_NAME="CLEAR",
                    CAMERA_STATE_1="1", CAMERA_STATE_2="1", CAMERA_STATE_3="1", EXPOSURE_DURATION=0.00848,
                    SC_SUN_POSITION_VECTOR=(0.0, 0.0, truth["dist1_km"]))
    for key, value in keywords.items():
        label.set(key, value, "QUBE")
    values = {"raw": 100, "cal/g": 1.25, "cal/o": -3.5}
    for name, value in values.items():
        kind, size = ("SUN_UNSIGNED_INTEGER", 1) if name == "raw" else ("SUN_REAL", 4)
        with CubeWriter(tmp_path / f"{name}.cub", (1204, 1056, 1), kind, size, label if name == "raw" else None) as cube:
            cube.write(np.full((1056, 1204), value, cube.number.dtype))
    session = Session(directory=tmp_path, environment={**os.environ, "ISISVOYDATA": "cal"})
    heard = report(session, "voycal", "raw", "out", otype=3)
    factor = next(float(line.split("=")[1]) for line in heard if "1/(EXP*W1)" in line)
    assert factor == pytest.approx(0.00107941148535833, rel=1e-14)
    with Cube(tmp_path / "out.cub") as cube:
        assert (cube.read().native == np.float32(factor * 1.25 * (100 - 3.5))).all()
    with pytest.raises(ProgramFailed, match="states 1 1 1, target 1"):  # the extended mission has rows of its own
        session.run("voycal", "raw", "late", image_no=45000000)
