"""What fuzzing found, each kept by name: damaged files are read or refused, in little memory, and not made worse."""

import tracemalloc

import numpy as np
import pytest

from vicar.errors import VicarError
from vicar.ibis import create_table, open_table
from vicar.image import HistoryStamp, create_image, open_image
from vicar.image.compression import encode, fills

STAMP = HistoryStamp("TEST", "jane", "Sat Nov 21 10:34:07 2026")


@pytest.fixture
def little_memory():
    tracemalloc.start()
    yield
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def changed(path, *changes, note=0, **options):
    """A small image with text of its label changed."""
    with create_image(path, nl=4, ns=50, task=STAMP, **{"format": "BYTE", **options}) as image:
        image.write_window(np.arange(200).reshape(4, 50))
        for number in range(note):
            image.label.add(f"NOTE{number}", "x" * 240, task="")
    data = path.read_bytes()
    for old, new in changes:
        assert old in data
        data = data.replace(old, new, 1)
    path.write_bytes(data)
    return path


def refused(call, *arguments):
    with pytest.raises(VicarError) as caught:
        call(*arguments)
    return caught.value.key


@pytest.mark.parametrize("length", [0, 1, 3])
def test_compressed_line_shorter_than_its_own_count(tmp_path, length):
    path = changed(tmp_path / "a", compress="BASIC")
    with open_image(path) as image:
        start = image.lblsize
    data = bytearray(path.read_bytes())
    data[start : start + 4] = length.to_bytes(4, "little")
    path.write_bytes(data)
    with open_image(path) as image:
        assert refused(image.read, 2) == "EOF" == refused(image.read_window)


def test_compressed_line_that_claims_what_its_code_does_not_hold(tmp_path, little_memory):
    path = changed(tmp_path / "a", (b"RECSIZE=50 ", b"RECSIZE=900000000 "), (b"NS=50 ", b"NS=900000000 "), compress="BASIC")
    with open_image(path) as image:
        assert refused(image.read, 1) == "EOF"


def test_compressed_line_of_one_run_may_be_very_long():
    code = encode(np.full(3_000_000, 7, np.uint8))
    assert len(code) < 20 and fills(code, 3_000_000) and not fills(code, 3_000_100)


def test_table_of_lengths_that_ends_too_soon(tmp_path):
    path = changed(tmp_path / "a", compress="BASIC2")
    with open_image(path) as image:
        start = image.lblsize
    path.write_bytes(path.read_bytes()[: start + 7])
    with open_image(path) as image:
        assert refused(image.read, 1) == "EOF"


def test_end_of_label_before_the_beginning_of_the_file(tmp_path):
    path = changed(tmp_path / "a", (b"NL=4 ", b"NL=-99999999 "), note=3)
    with open_image(path) as image:
        assert image.eol and image.label.get("TASK", property=None, default="none")
        assert refused(image.read, 1) == "EOF"


def test_end_of_label_further_than_files_go(tmp_path):
    big = b"2147483647 "
    path = changed(tmp_path / "a", (b"NL=4 ", b"NL=" + big), (b"NB=1 ", b"NB=" + big))
    with open_image(path) as image:
        assert image.label.tasks() == [("TEST", 1)]
    before = path.stat().st_size

    def edit():
        with open_image(path, "UPDATE") as image:
            for number in range(9):
                image.label.add(f"MORE{number}", "y" * 240, task="")

    with pytest.raises(VicarError, match="File too large"):
        edit()
    assert path.stat().st_size <= before + 4096


def test_an_update_does_not_put_the_end_of_the_label_where_the_label_claims(tmp_path):
    path = changed(tmp_path / "a", (b"NL=4 ", b"NL=655360 "))
    before = path.read_bytes()
    with pytest.raises(VicarError, match="File too large"), open_image(path, "UPDATE") as image:
        image.label.add("MORE", ["y" * 240] * 9, task="")
    assert path.read_bytes() == before


def test_an_update_does_not_grow_a_file_to_what_its_label_claims(tmp_path):
    path = changed(tmp_path / "a", (b"NL=4 ", b"NL=2000000000 "))
    before = path.stat().st_size
    with open_image(path, "UPDATE") as image:
        assert image.nl == 2_000_000_000
    assert path.stat().st_size == before


def test_record_behind_the_end_of_a_short_file(tmp_path, little_memory):
    path = changed(tmp_path / "a", (b"RECSIZE=50 ", b"RECSIZE=1999999999 "))
    with open_image(path) as image:
        assert refused(image.read) in ("EOF", "INSUFMEM")
        assert refused(image.read, 1, 1, 10**9) in ("EOF", "INSUFMEM")
        assert refused(image.read_all) in ("EOF", "INSUFMEM")


def test_binary_header_larger_than_memory(tmp_path, little_memory):
    path = changed(tmp_path / "a", (b"NLB=0 ", b"NLB=2000000000 "))
    with open_image(path) as image:
        assert refused(image.binary_header) == "INSUFMEM"


@pytest.mark.parametrize("change", [(b"SEGMENT=", b"SEGMENT=0"), (b"SEGMENT=", b"SEGMENT=-"), (b"BLOCKSIZE=", b"BLOCKSIZE=-"),
                                    (b"COFFSET=(", b"COFFSET=(-9"), (b"NC=", b"NC=9"), (b"NR=", b"NR=-")])  # fmt: skip
def test_tables_with_impossible_layouts(tmp_path, change):
    with create_table(tmp_path / "t", nr=6, nc=3, formats=["REAL", "A7", "HALF"], task=STAMP):
        pass
    data = (tmp_path / "t").read_bytes()
    assert change[0] in data
    (tmp_path / "t").write_bytes(data.replace(*change, 1))
    try:
        with open_table(tmp_path / "t") as table:
            assert len(table.array()) == table.nr
    except VicarError as error:
        assert error.key in ("NOTIBIS", "EOF")


def test_table_with_more_rows_than_bytes(tmp_path, little_memory):
    with create_table(tmp_path / "t", nr=6, nc=3, task=STAMP):
        pass
    data = (tmp_path / "t").read_bytes()
    (tmp_path / "t").write_bytes(data.replace(b"NR=6 ", b"NR=999999999 ", 1))
    with open_table(tmp_path / "t") as table:
        assert refused(table.read, 1) == "EOF"
