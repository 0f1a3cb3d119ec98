"""The programs from end to end: a made-up picture through the procedure, real pictures of perijoves 43 and 44, bad input."""

import io
import json
import re

import numpy as np
import pytest

from monitor.session import ProgramFailed, Session
from testscripts.unit.junocam.made_up import KEYWORDS, POLAR, POLAR_AXIS, POLAR_PHASE, meta_of, picture
from vicar.image import open_image
from vicar.junocam import companding, metadata, register, simulator, spin
from vicar.junocam.mapping import MapGrid

pillow = pytest.importorskip("PIL.Image")


def session_in(folder):
    said = io.StringIO()
    return Session(folder, environment={"HOME": str(folder)}, user="jane", output=said), said


def refused(session, *command, **values) -> list[str]:
    """What a command that must fail says, without the frame of the monitor."""
    with pytest.raises(ProgramFailed) as caught:
        session.run(*command, **values)
    return [m for m in caught.value.messages if m.strip() and not m.startswith(("Beginning", " ** ABEND"))]


def save_raw(folder, keywords, raw):
    meta = metadata.from_keywords(keywords)
    pillow.fromarray(raw).save(folder / f"{meta.product_id}-raw.png")
    (folder / "1-Metadata.json").write_text(json.dumps(keywords))
    return f"{meta.product_id}-raw.png"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The procedure run on a made-up colour picture from above the south pole, with noise, hot pixels and jitter."""
    folder = tmp_path_factory.mktemp("made")
    meta = meta_of(POLAR)
    raw = picture(meta, POLAR_AXIS, POLAR_PHASE, np.zeros(3), hot=20, jitter=0.0003)
    rows = raw.reshape(12, 3, 128, 1648)
    rows[10, 1] = 0  # one framelet was lost on the way
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    name = save_raw(folder / "in", POLAR, raw)
    session, said = session_in(folder)
    session.run("junocam", f"in/{name}", "out/", res=6.0, photom="LAMBERT")
    return folder, said.getvalue()


def test_the_procedure_leaves_pictures_map_and_report(made):
    folder, said = made
    product = "JNCE_2022186_43C00080_V01"
    names = {f"{product}.{e}" for e in ("raw", "cal", "rgb", "png")} | {"junocam.nav", "junocam.map", "junocam-map.png"}
    assert {p.name for p in (folder / "out").iterdir()} == names
    assert {p.name for p in folder.iterdir()} == {"in", "out"}
    assert "GREEN: framelets without data: 11" in said and "limb residual" in said
    for channel in ("RED", "BLUE"):
        down, across = re.search(rf"{channel} on GREEN: ([\d.]+) lines, ([\d.]+) samples", said).groups()
        assert float(down) < 0.2 and float(across) < 0.2
    with open_image(folder / "out" / f"{product}.rgb") as image:  # what was done to the pixels stays with them
        kept = [image.label.values(key, property="JUNOCAM_SPIN")[0] for key in ("BLEND", "SATURATED", "SATURATED_PIXELS")]
    assert kept == ["YES", "RESTORE", 0]


def test_places_of_the_map_are_those_of_the_made_up_planet(made):
    folder, _ = made
    with open_image(folder / "out" / "junocam.map") as image:
        assert image.label.values("BANDS", property="MAP") == ["RED", "GREEN", "BLUE", "INCIDENCE", "EMISSION"]
        sigma = image.label.values("LONGITUDE_SIGMA_DEGREES", property="JUNOCAM_NAVIGATION", format="DOUB")[0]
        value = {key: float(image.label.values(key, property="MAP", format="DOUB")[0]) for key in (
            "MINIMUM_LATITUDE", "MAXIMUM_LATITUDE", "EASTERNMOST_LONGITUDE", "WESTERNMOST_LONGITUDE")}
        green, incidence = image.read_window(band=2), image.read_window(band=4)
    target = MapGrid("CYLINDRICAL", 6.0, *value.values())
    latitude, longitude = target.places(0, target.shape[0])
    truth = simulator.clouds(latitude, longitude).astype(np.float32)
    seen = (green > 0) & (incidence < 75)
    shifts = register.patch_shifts(np.where(seen, truth, np.nan), np.where(seen, green, np.nan))
    assert len(shifts) > 15
    across, down = np.median(shifts[:, 3]) / 6, np.median(shifts[:, 2]) / 6  # degrees
    assert abs(down) < 0.1 and abs(across) < max(0.1, 3 * sigma)


def test_export_carries_credit_place_and_grid(made):
    folder, _ = made
    session, _ = session_in(folder / "out")
    with pillow.open(folder / "out" / "junocam-map.png") as shown:
        assert "NASA/JPL-Caltech/SwRI/MSSS" in shown.info["Copyright"]
    session.run("jncexport", "junocam.map", "../m.tif", line="NO", crop="NO", grid=30)
    with pillow.open(folder / "m.tif") as shown:
        assert "MSSS" in shown.tag_v2[270] and shown.tag_v2[33550][0] == pytest.approx(1 / 6)
    (folder / "m.tif").unlink()
    assert len(refused(session, "jncexport", "JNCE_2022186_43C00080_V01.rgb", "../x.png", grid=10)) == 1
    assert len(refused(session, "jncexport", "junocam.map", "../x.gif")) == 1
    assert len(refused(session, "jncexport", "junocam.map", "nowhere/x.png")) == 1
    assert not list(folder.glob("x.*"))


def test_geotiff_is_read_by_others(made):
    rasterio = pytest.importorskip("rasterio")
    folder, _ = made
    session, _ = session_in(folder / "out")
    session.run("jncexport", "junocam.map", "../g.tif", line="NO", crop="NO")
    with rasterio.open(folder / "g.tif") as opened, open_image(folder / "out" / "junocam.map") as image:
        west = float(image.label.values("WESTERNMOST_LONGITUDE", property="MAP", format="DOUB")[0])
        north = float(image.label.values("MAXIMUM_LATITUDE", property="MAP", format="DOUB")[0])
        assert opened.bounds.top == pytest.approx(north) and opened.bounds.left == pytest.approx(-west % 360)
    (folder / "g.tif").unlink()


def test_maps_refuse_what_cannot_be(made):
    folder, _ = made
    session, _ = session_in(folder / "out")
    (folder / "out" / "bad.nav").write_text("[1]")
    cal = "JNCE_2022186_43C00080_V01.cal"
    for values in ({"nav": "bad.nav"}, {"nav": "missing.nav"}, {"nav": "junocam.nav", "lat": [10.0, -10.0]},
                   {"nav": "junocam.nav", "lat": [-90.0, 90.0], "lon": [0.0, 360.0], "res": 100.0}):
        assert len(refused(session, "jncmap", cal, "no.map", **values)) == 1
    good = json.loads((folder / "out" / "junocam.nav").read_text())
    for change in ({"axis": [0, 0, 0]}, {"axis": [1, 2, "x"]}, {"spin": None}, {"spin": 9}, {"tilt": [1]}, {"pictures": [1]},
                   {"pictures": {cal[:-4]: {"phase": 1}}}, {"pictures": {cal[:-4]: {"phase": "x", "velocity": [1, 2, 3]}}}):
        (folder / "out" / "bad.nav").write_text(json.dumps(good | change))
        assert len(refused(session, "jncmap", cal, "no.map", nav="bad.nav")) == 1
    (folder / "out" / "bad.nav").unlink()
    assert not (folder / "out" / "no.map").exists()


def test_polar_maps_and_several_names(made):
    folder, _ = made
    session, _ = session_in(folder)
    session.run("jncmap", "out/JNCE_2022186_43C00080_V01.cal", "s.map", nav="out/junocam.nav", proj="SOUTH", res=3.0)
    with open_image(folder / "s.map") as image:
        assert (image.nl, image.ns) == (300, 300)
        assert float(image.label.values("CENTER_LATITUDE", property="MAP", format="DOUB")[0]) == -90
        middle = image.read_window(band=2)[140:160, 140:160]
    (folder / "s.map").unlink()
    assert (middle > 0).any()


def test_framelets_of_a_filter(made):
    folder, _ = made
    session, said = session_in(folder)
    cal = "out/JNCE_2022186_43C00080_V01.cal"
    session.run("jncframe", cal, "f.img", filter="GREEN", frames=[3, 11])
    with open_image(folder / "f.img") as framelets, open_image(folder / cal) as whole:
        rows = whole.read_window().reshape(12, 3, 128, 1648)
        assert np.array_equal(framelets.read_window().reshape(2, 128, 1648), rows[[2, 10], 1])
    (folder / "f.img").unlink()
    assert "lost" in said.getvalue()
    assert len(refused(session, "jncframe", cal, "f.img", filter="METHANE")) == 1
    assert len(refused(session, "jncframe", cal, "f.img", frames=[13])) == 1
    assert not (folder / "f.img").exists()


def test_assembly_with_a_given_spin_and_weights(made):
    folder, _ = made
    session, _ = session_in(folder)
    cal = "out/JNCE_2022186_43C00080_V01.cal"
    session.run("jncrgb", cal, "a.rgb", spin=0.2070, tilt=0.0, weights=[1.0, 1.0, 1.0], register="NO")
    with open_image(folder / "a.rgb") as image:
        assert image.label.values("BANDS", property="JUNOCAM_SPIN") == ["RED", "GREEN", "BLUE"]
        assert float(image.label.values("SPIN_RATE", property="JUNOCAM_SPIN", format="DOUB")[0]) == pytest.approx(0.2070)
        assert max(image.read_window(band=b).max() for b in (1, 2, 3)) < 1200
    (folder / "a.rgb").unlink()


@pytest.mark.parametrize("mode", companding.MODES)
def test_all_codes_go_round(mode):
    codes = np.arange(256, dtype=np.uint8)
    assert np.array_equal(companding.compress(companding.expand(codes, mode), mode), codes)


def test_earth_flyby_pictures_have_another_spin_and_no_map(tmp_path):
    keywords = KEYWORDS | {"TARGET_NAME": "EARTH", "INTERFRAME_DELAY": "0.740 <s>", "JNO:TDI_STAGES_COUNT": 0, "LINES": 384 * 4,
                           "STOP_TIME": "", "MISSION_PHASE_NAME": "EARTH FLYBY"}
    meta = meta_of(keywords)
    assert metadata.remarks(meta) == [] and abs(spin.usual_spin(meta) - 0.105) < 0.002
    assert "smears" in metadata.remarks(meta_of(keywords | {"EXPOSURE_DURATION": "12.8 <ms>"}))[0]
    rng = np.random.default_rng(5)
    raw = rng.integers(50, 52, (384 * 4, 1648)).astype(np.uint8)
    (tmp_path / "out").mkdir()
    name = save_raw(tmp_path, keywords, raw)
    session, said = session_in(tmp_path)
    session.run("junocam", name, "out/")
    assert "the target is EARTH" in said.getvalue() and "no map" in said.getvalue()
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".raw", ".cal", ".rgb", ".png"}


def test_a_methane_picture_has_one_band_and_a_sequence_keeps_its_names(tmp_path):
    import zipfile

    rng = np.random.default_rng(6)
    with zipfile.ZipFile(tmp_path / "movie.zip", "w") as opened:
        for number in (40, 41, 42):
            keywords = KEYWORDS | {"PRODUCT_ID": f"JNCE_2022229_44M000{number}_V01", "FILTER_NAME": ["METHANE"], "LINES": 128 * 5,
                                   "STOP_TIME": "", "EXPOSURE_DURATION": "102.4 <ms>", "JNO:TDI_STAGES_COUNT": 32}
            stream = io.BytesIO()
            pillow.fromarray(rng.integers(0, 9, (640, 1648)).astype(np.uint8)).save(stream, "PNG")
            opened.writestr(f"batch/JNCE_2022229_44M000{number}_V01-raw.png", stream.getvalue())
            opened.writestr(f"batch/{number}-Metadata.json", json.dumps(keywords))
    (tmp_path / "out").mkdir()
    session, _ = session_in(tmp_path)
    session.run("junocam", "movie.zip", "out/", map="NO")
    assert len(list((tmp_path / "out").glob("*.png"))) == 3
    with open_image(tmp_path / "out" / "JNCE_2022229_44M00041_V01.rgb") as image:
        assert image.nb == 1


# ------------------------------------------------------------------------------------------------ real pictures
PJ43, PJ44 = "raw_pj43/JNCE_2022186_43C00080_V01-raw.png", "raw_pj44/JNCE_2022229_44{}_V01-raw.png"


def numbers(pattern: str, text: str) -> list[tuple[float, ...]]:
    return [tuple(float(v) for v in found.groups()) for found in re.finditer(pattern, text)]


def test_real_pictures_in_one_command(tmp_path, shared):
    """Perijoves 43 (colour and methane): seams, registration, limb, longitudes."""
    folder = shared / "testdata/junocam"
    session, said = session_in(tmp_path)
    session.run("junocam", [str(folder / PJ43), str(folder / "raw_pj43/13540-ImageSet.zip")], "./",
                meta=[str(p) for p in sorted(folder.glob("raw_pj43/*.json"))])
    said = said.getvalue()
    registered = numbers(r"on GREEN: ([\d.]+) lines, ([\d.]+) samples", said)
    assert len(registered) == 2 and max(map(max, registered)) < 0.2
    steps = numbers(r"borders of framelets ([\d.]+), elsewhere ([\d.]+) \+- ([\d.]+) percent", said)
    assert len(steps) == 4 and all(border <= inside + 2 * spread for border, inside, spread in steps)
    steps = numbers(r"do not show ([\d.]+), elsewhere ([\d.]+) \+- ([\d.]+)", said)
    assert len(steps) == 3 and all(border <= inside + spread for border, inside, spread in steps)
    assert "borders show" not in said
    limbs = numbers(r"limb residual ([\d.]+) pixels median", said)
    assert len(limbs) == 2 and limbs[0][0] < 0.15 and limbs[1][0] < 0.2
    axis = numbers(r"ascension ([\d.]+), declination ([-\d.]+)", said)[0]
    assert abs(axis[0] - 187.1) < 1.2 and abs(axis[1] + 1.5) < 1.2  # the spacecraft points at the Earth
    assert "longitudes are unsure" in said


def test_maps_of_half_an_hour_agree(tmp_path, shared):
    """Perijove 44: fitted jointly; clouds of two maps lie at the same places."""
    folder = shared / "testdata/junocam"
    session, said = session_in(tmp_path)
    metas = [str(p) for p in sorted(folder.glob("raw_pj44/*.json"))]
    session.run("jncimport", [str(folder / PJ44.format(n)) for n in ("C00029", "C00032", "M00040")], "./", meta=metas)
    session.run("jnccal", "./", "./")
    session.run("jncnav", "./", "pj44.nav", meta=metas)
    limbs = numbers(r"limb residual ([\d.]+) pixels median, ([\d.]+) 90th", said.getvalue())
    assert len(limbs) == 3 and max(median for median, _ in limbs) < 0.2
    maps = []
    for n in (29, 32):
        session.run("jncmap", f"JNCE_2022229_44C000{n}_V01.cal", f"{n}.map", nav="pj44.nav", res=15.0, lat=[5.0, 70.0],
                    lon=[240.0, 340.0], photom="LAMBERT")
        with open_image(tmp_path / f"{n}.map") as image:
            green = image.read_window(band=2)
        maps.append(np.where(green > 0, green, np.nan).astype(np.float32))
    shifts = register.patch_shifts(*maps)
    assert len(shifts) > 100
    assert abs(np.median(shifts[:, 2])) / 15 < 0.1 and abs(np.median(shifts[:, 3])) / 15 < 0.1
