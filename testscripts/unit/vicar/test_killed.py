"""A process killed at any moment of a write: what is under the name is the old file or a complete new one; inputs stay as they are."""

import os
import random
import signal
import time

import numpy as np
import pytest

from vicar.errors import VicarError
from vicar.ibis import create_table, open_table
from vicar.image import HistoryStamp, create_image, open_image

STAMP = HistoryStamp("TEST", "jane", "Sat Nov 21 10:34:07 2026")
KILLS = 25
NL, NS = 100, 400


def write_image(path, source, number, **options):
    """A copy of a file whose pixels are all ``number``, which the label says too, and which overflows into an EOL part."""
    with open_image(source) as old, create_image(path, primary=old, task=STAMP, **options) as new:
        for line in range(1, NL + 1):
            old.read(line)
            new.write(np.full(NS, number, np.int16))
        new.label.add("NUMBER", number, task="")
        new.label.add("TEXT", ["x" * 200] * 4, task="")


def check_image(path):
    with open_image(path) as image:
        assert (image.read_all() == image.label.get("NUMBER", task="")).all() and image.label.has("TEXT", task="")
        size = image.eoci + image._eol_size if image.compress != "NONE" else image.geometry.closed_size(image._eol_size)
        assert path.stat().st_size == size


def write_table(path, source, number):
    with create_table(path, nr=5000, nc=4, formats=["FULL", "REAL", "A8", "HALF"], task=STAMP) as table:
        for column in (1, 2, 4):
            table.write(column, np.full(5000, number))
        table.write(3, [str(number)] * 5000)
        table.new_group(f"G{number}", [1])


def check_table(path):
    with open_table(path) as table:
        number = int(table.group_names()[0][1:])
        assert table.nr == 5000 and all((table.read(n) == number).all() for n in (1, 2, 4))
        assert set(table.texts(3)) == {str(number)}


def compressed(path, source, number):
    write_image(path, source, number, compress="BASIC2")


def onto_itself(path, source, number):
    write_image(path, path, number)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("write", "check"), [(write_image, check_image), (compressed, check_image), (onto_itself, check_image),
                                              (write_table, check_table)])  # fmt: skip
def test_a_killed_process_leaves_the_old_file_or_the_new_one(tmp_path, write, check):
    source, path, rng = tmp_path / "in.img", tmp_path / "out", random.Random(5)
    with create_image(source, nl=NL, ns=NS, format="HALF", task=STAMP) as image:
        image.write_window(np.arange(NL * NS).reshape(NL, NS))
    before = source.read_bytes()
    write_image(path, source, 1)
    if check is check_table:
        write_table(path, source, 1)
    begin = time.monotonic()
    write(path, source, 2)
    once = time.monotonic() - begin
    for _ in range(KILLS):
        child = os.fork()
        if child == 0:
            number = 3
            while True:  # write after write, until it is killed
                write(path, source, number := number + 1)
        time.sleep(rng.uniform(0.1, 2.5) * once)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        check(path)
    assert source.read_bytes() == before
    left = [p for p in tmp_path.iterdir() if p.name not in ("in.img", "out")]
    assert all(p.name.startswith(".out.") for p in left)


def test_a_full_disk_leaves_the_old_file(tmp_path):
    """The file size limit stands for the disk: writing fails in the middle."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "out"
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        with pytest.raises(VicarError, match="File too large"), create_image(path, nl=4000, ns=4000, task=STAMP) as image:
            try:
                image.write_window(np.zeros((4000, 4000), np.uint8))
            except VicarError:
                image.discard()
                raise
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["out"]
