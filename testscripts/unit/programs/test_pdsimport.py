"""PDSIMPORT on labels laid out as the PDS3 standard has them, and VGRCAL's messages."""

import io

import numpy as np
import pytest

import vicar
from monitor.session import ProgramFailed, Session

LABEL = """PDS_VERSION_ID = PDS3\r
RECORD_TYPE = FIXED_LENGTH\r
RECORD_BYTES = 100\r
^IMAGE{kind} = {pointer}\r
SPACECRAFT_NAME = VOYAGER_1\r
TARGET_NAME = IO\r
IMAGE_ID = "0548J1-001"\r
IMAGE_NUMBER = 16368.30\r
IMAGE_TIME = 1979-03-04T19:23:00Z\r
INSTRUMENT_NAME = NARROW_ANGLE_CAMERA\r
SCAN_MODE_ID = "1:1"\r
GAIN_MODE_ID = LOW\r
FILTER_NAME = CLEAR\r
FILTER_NUMBER = 0\r
EXPOSURE_DURATION = 0.3600 <SECONDS>\r
OBJECT = IMAGE\r
 LINES = 20\r
 LINE_SAMPLES = 30\r
 SAMPLE_TYPE = {type}\r
 SAMPLE_BITS = {bits}\r
END_OBJECT = IMAGE\r
END\r
"""


KINDS = [("UNSIGNED_INTEGER", 8, "u1"), ("MSB_INTEGER", 16, ">i2"), ("LSB_INTEGER", 16, "<i2"), ("IEEE_REAL", 32, ">f4"),
         ("PC_REAL", 32, "<f4"), ("SUN_INTEGER", 32, ">i4")]


@pytest.mark.parametrize(("type_", "bits", "kind"), KINDS)
@pytest.mark.parametrize("attached", [True, False])
def test_pixels_and_cards(tmp_path, type_, bits, kind, attached):
    pixels = np.random.default_rng(5).integers(0, 200, (20, 30)).astype(kind)
    label = LABEL.format(kind="", pointer="11" if attached else '("P.IMG", 1)', type=type_, bits=bits).encode()
    if attached:
        (tmp_path / "p.lbl").write_bytes(label.ljust(1000) + pixels.tobytes())
    else:
        (tmp_path / "p.lbl").write_bytes(label)
        (tmp_path / "p.img").write_bytes(pixels.tobytes())
    Session(directory=tmp_path).run("pdsimport", "p.lbl", "p.vic")
    with vicar.open(tmp_path / "p.vic") as image:
        assert np.array_equal(np.squeeze(image.read_all()), pixels)
        cards = [str(image.label.get(f"LAB{number:02d}", task="PDSIMPORT")) for number in (2, 3)]
    assert cards[0].startswith("VGR-1   FDS 16368.30   PICNO 0548J1-001   SCET 79.063 19:23:00 ")
    assert cards[1].startswith("NA CAMERA  EXP 00360.0 MSEC  FILT 0(CLEAR )  LO GAIN  SCAN RATE  1:1 ")


def test_a_vicar_image_inside_is_taken_out_whole(tmp_path):
    session = Session(directory=tmp_path)
    session.run("gen", "a.img", 20, 30)
    whole = (tmp_path / "a.img").read_bytes()
    label = LABEL.format(kind="_HEADER", pointer="11", type="UNSIGNED_INTEGER", bits=8).encode()
    (tmp_path / "p.img").write_bytes(label.ljust(1000) + whole)
    session.run("pdsimport", "p.img", "out.img")
    assert (tmp_path / "out.img").read_bytes() == whole


@pytest.mark.parametrize("data", [b"", b"no label", b"PDS_VERSION_ID = PDS3\r\n", b"PDS_VERSION_ID = PDS3\r\nEND\r\n",
                                  LABEL.format(kind="", pointer="11", type="IEEE_REAL", bits=32).encode(),
                                  LABEL.format(kind="", pointer='("GONE.IMG",1)', type="VAX_REAL", bits=32).encode()])
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path, data):
    (tmp_path / "p.img").write_bytes(data)
    with pytest.raises(ProgramFailed, match="PDSIMPORT cannot read p.img"):
        Session(directory=tmp_path).run("pdsimport", "p.img", "out.img")
    assert not (tmp_path / "out.img").exists()


def test_vgrcal_says_what_is_missing(tmp_path):
    output = io.StringIO()
    assert Session(directory=tmp_path, output=output).run_command_line("vgrcal none.imq a cal=b") != 0
    assert "needs both CAL" in output.getvalue()
    output = io.StringIO()
    assert Session(directory=tmp_path, output=output).run_command_line("vgrcal none.imq a cal=b dark=c") != 0
    assert all(f"There is no file {name}" in output.getvalue() for name in ("none.imq", "b", "c"))
