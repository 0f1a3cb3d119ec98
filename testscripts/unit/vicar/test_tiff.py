"""TIFF codings there and back, and a file written and read."""

import random

import pytest

from vicar.tiff import TiffReader, TiffWriter, codec
from vicar.tiff import file as tiff


def samples():
    rng = random.Random(4)
    yield b""
    yield bytes(300)
    yield bytes(rng.randrange(256) for _ in range(70000))
    yield bytes(rng.choice((0, 0, 0, 1, 7)) for _ in range(50000))
    yield b"".join(bytes([rng.randrange(3)]) * rng.choice((1, 1, 2, 3, 128, 129, 400)) for _ in range(500))


@pytest.mark.parametrize("data", list(samples()), ids=["empty", "zeros", "noise", "few", "runs"])
def test_codings_are_inverse(data):
    assert codec.lzw_decode(codec.lzw_encode(data), len(data)) == data
    assert codec.packbits_decode(codec.packbits_encode(data), len(data)) == data


@pytest.mark.parametrize(
    "value, ratio",
    [(-1.0, (0, 1)), (0.0, (0, 1)), (1e30, (0xFFFFFFFF, 0)), (1e-10, (0, 0xFFFFFFFF)),
     (0.10000000149011612, (0xCCCCCD, 0x8000000)), (9.999999747378752e-06, (0x8FCE, 0xDB6DB51D))],
)  # fmt: skip
def test_ratios_are_those_of_libtiff(value, ratio):
    """What libtiff 4.5 wrote for these resolutions."""
    assert tiff._ratio(value) == ratio


def test_second_directory(tmp_path):
    out = TiffWriter()
    for value in (3, 4):
        for tag, size in ((tiff.WIDTH, 5), (tiff.LENGTH, 2), (tiff.BITS, 8), (tiff.ROWS, 1), (tiff.COMPRESSION, codec.LZW)):
            out.set(tag, "SHORT", size)
        for line in range(2):
            out.put(line, bytes([value + line] * 5), 5)
        out.end_directory()
    out.save(tmp_path / "a.tif")
    reader = TiffReader(tmp_path / "a.tif")
    assert (reader.row(0), reader.row(1)) == (b"\3" * 5, b"\4" * 5)
    assert reader.next_directory()
    assert reader.row(1) == b"\5" * 5
    assert not reader.next_directory()
