"""Every labelled file of the public tree, and one per form of label and data, read as the original reads them.

The expected digests are the original's (its own read routines dumped samples and label text).
"""

import csv
import hashlib

import numpy as np
import pytest

from vicar.image import HistoryStamp, create_image, open_image


def printed(label):
    """The text of a label put together from its items and the blanks between them."""
    parts, position = [], 0
    for item in label.all_items:
        parts += [label.text[position : item.start], item.key, label.text[item.start + len(item.key) : item.value_start], item.value]
        position = item.end
    return "".join([*parts, label.text[position:]])


def digests(path):
    """Digest of the samples in file order, and of the label text, which is the same after parsing and printing."""
    with open_image(path) as image:
        bands = image.read_all()
        axes = {"BSQ": (0, 1, 2), "BIL": (1, 0, 2), "BIP": (1, 2, 0)}[image.org]
        pixels = np.ascontiguousarray(bands.transpose(axes))
        assert printed(image.label) == image.label.text, path
        return hashlib.sha256(pixels).hexdigest(), hashlib.sha256(image.label.text.encode("latin-1")).hexdigest()


def check(table, folder):
    wrong, seen = [], 0
    for row in csv.DictReader(table.open(), delimiter="\t"):
        path = folder / row["file"]
        if not path.exists():
            continue
        seen += 1
        if digests(path) != (row["pixel_sha256"], row["label_sha256"]):
            wrong.append(row["file"])
    assert not wrong
    return seen


def test_one_file_per_form(shared):
    assert check(shared / "testdata/formats/expected.tsv", shared / "testdata/formats") >= 78


def test_every_labelled_file_of_the_tree(shared, tree):
    assert check(shared / "census/labelled-files-expected.tsv", tree) >= 284


def names():
    kinds = ["BYTE", "COMP", "DOUB", "FULL", "HALF", "REAL"]
    return (
        [f"made_bsq_{k}" for k in kinds] + [f"made_sun_{k}" for k in kinds] + [f"made_basic_{k}" for k in kinds]
        + ["made_vax_HALF", "made_vax_REAL", "made_basic2_HALF", "made_bil", "made_header", "made_prefix", "made_eol"]
    )  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_we_write_the_bytes_the_original_wrote(shared, tmp_path, name):
    """Same pixels, same task, same items: the same file, label padding and split included."""
    source = shared / f"testdata/formats/{name}.vic"
    with open_image(source) as old:
        label = old.label
        stamp = HistoryStamp(label.tasks()[-1][0], label.get("USER", task=""), label.get("DAT_TIM", task=""))
        same = {
            key: old.attributes[key]
            for key in "format type host intfmt realfmt bhost bintfmt brealfmt bltype compress".split()
        }
        with create_image(tmp_path / "new.vic", nl=old.nl, ns=old.ns, nb=old.nb, org=old.org, nbb=old.nbb, nlb=old.nlb,
                          task=stamp, **same) as new:
            for band in range(1, old.nb + 1):
                new.write_window(old.read_window(band=band), band=band)
            if old.nlb:
                new.write_binary_header(old.binary_header())
            for line in range(1, old.nl + 1 if old.nbb else 0):
                new.write_prefix(old.read_prefix(line), line)
            for key, value in list(label.items(task=""))[2:]:
                # reading leaves quotes doubled, writing doubles them
                new.label.add(key, value.replace("''", "'"), task="")
    assert (tmp_path / "new.vic").read_bytes() == source.read_bytes()
