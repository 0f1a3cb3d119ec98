"""IBIS tables: files byte for byte as the original wrote them, round trips, edits, and what is refused."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vicar.errors import VicarError
from vicar.ibis import IbisError, create_table, open_table
from vicar.ibis.layout import ColumnLayout, RowLayout, power_of_two
from vicar.image import HistoryStamp

STAMP = HistoryStamp("IBIS", "root", "Sat Nov 21 10:34:07 2026")
FORMATS = ["REAL", "FULL", "A5", "DOUB", "BYTE"]

# SHA-256 of files that the original's IBIS-GEN wrote (native build for 64-bit Linux), with the stamp above in the label
RECORDED = [
    ("column", dict(nr=700, nc=5, formats=FORMATS, org="COLUMN"), "024e16b9119abc1c1588a588ced69252816ea231215cadcee2d68625feef91df"),
    ("row", dict(nr=10, nc=5, formats=FORMATS, org="ROW"), "f2f521bf54e3b5f32be774a861e94fcd952796471312a3a26a010a9576491255"),
    ("version 1", dict(nr=300, nc=3, version=1), "fec460272b11db734846cc005f725a80dcee0975e1354c9d4fe0992bbc362dad"),
]


@pytest.mark.parametrize(("name", "options", "digest"), RECORDED, ids=[r[0] for r in RECORDED])
def test_new_table_is_the_original_s_file(name, options, digest, tmp_path):
    create_table(tmp_path / "t", task=STAMP, **options).close()
    assert hashlib.sha256((tmp_path / "t").read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("org", ["ROW", "COLUMN"])
@pytest.mark.parametrize("host", [None, ("SUN-SOLR", "HIGH", "IEEE"), ("VAX-VMS", "LOW", "VAX")], ids=["native", "sun", "vax"])
def test_cells_come_back(org, host, tmp_path):
    values = {
        1: np.array([1.5, -2.25, 1e10, 0.0], np.float32),
        2: np.array([1, -2, 2**31 - 1, 0], np.int32),
        3: ["abcde", "x", "", "four"],
        4: np.array([1e-30, 2.5, -1e30, 0.0]),
        5: np.array([0, 255, 7, 1], np.uint8),
    }
    with create_table(tmp_path / "t", nr=4, nc=5, formats=FORMATS, org=org, host=host, task=STAMP) as table:
        for column, cells in values.items():
            table.write(column, cells)
    with open_table(tmp_path / "t") as table:
        assert (table.nr, table.nc, table.org, table.formats) == (4, 5, org, FORMATS)
        assert table.texts(3) == values[3]
        for column in (1, 2, 4, 5):
            exact = values[column] if column != 4 or not host or host[2] != "VAX" else None
            if exact is not None:
                assert table.read(column).tolist() == exact.tolist()
        assert table.array().dtype.names == ("C1", "C2", "C3", "C4", "C5")


def test_groups_units_and_expressions(tmp_path):
    with create_table(tmp_path / "t", nr=2, nc=4, task=STAMP) as table:
        table.new_group("position", [1, 2])
        table.new_group("odd", [1, 3])
        table.new_group("meters", [2, 3], kind="unit")
        with pytest.raises(IbisError, match="GRPEXISTS"):
            table.new_group("ODD", [4])
    with open_table(tmp_path / "t") as table:
        assert table.group_names() == ["position", "odd"] and table.group_names("unit") == ["meters"]
        assert table.find("position & odd") == [1]
        assert table.find("position | odd") == [1, 2, 3]
        assert table.find("position - 'unit:meters'") == [1]
        assert table.groups_of(1) == ["position", "odd"]


@given(st.lists(st.sampled_from(["new", "drop", "grow", "shrink"]), max_size=8), st.sampled_from(["ROW", "COLUMN"]))
@settings(max_examples=60, deadline=None)
def test_columns_and_rows_may_come_and_go(tmp_path_factory, steps, org):
    path = tmp_path_factory.mktemp("t") / "t"
    model = {1: list(range(5)), 2: [10.0 * r for r in range(5)]}
    with create_table(path, nr=5, nc=2, formats=["FULL", "DOUB"], org=org, task=STAMP) as table:
        table.write(1, np.array(model[1], np.int32))
        table.write(2, np.array(model[2]))
        for step in steps:
            rows = table.nr
            if step == "new":
                table.new_columns(1, "A3")
                model[table.nc] = [b""] * rows
            elif step == "drop" and table.nc > 2:
                table.delete_columns(table.nc)
                del model[max(model)]
            elif step == "grow":
                table.new_rows(400)
                for column, values in model.items():
                    values += [b"" if isinstance(values[:1] and values[0], bytes) or column > 2 else 0] * 400
            elif step == "shrink" and rows > 1:
                table.delete_rows(rows)
                for values in model.values():
                    values.pop()
    with open_table(path) as table:
        for column, values in model.items():
            assert table.read(column).tolist() == values


def test_text_and_numbers_do_not_mix(tmp_path):
    with create_table(tmp_path / "t", nr=2, nc=2, formats=["A4", "REAL"], task=STAMP) as table:
        for attempt in (lambda: table.write(1, [1.0, 2.0]), lambda: table.write(2, ["a", "b"]), lambda: table.read(1, "REAL")):
            with pytest.raises(IbisError, match="CANTTRANS"):
                attempt()
        with pytest.raises(IbisError, match="NOSUCHCOL"):
            table.read(3)
        with pytest.raises(IbisError, match="LASTROW"):
            table.read(1, first=2, count=2)
        with pytest.raises(IbisError, match="INVALFMT"):
            table.set_format(1, "A999")


def test_a_table_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "t"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), create_table(path, nr=2, nc=2, task=STAMP):
        raise RuntimeError
    assert path.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["t"]


def test_not_a_table(tmp_path):
    (tmp_path / "x").write_bytes(b"nothing of the kind")
    with pytest.raises(VicarError):
        open_table(tmp_path / "x")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_tables_are_refused_or_read_never_crash(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("t")
    with create_table(folder / "t", nr=6, nc=3, formats=["REAL", "A7", "HALF"], task=STAMP) as table:
        table.new_group("g", [1, 3])
    raw = bytearray((folder / "t").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, min(len(raw), 1000) - 1))] = data.draw(st.integers(0, 255))
    (folder / "t").write_bytes(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    try:
        with open_table(folder / "t") as table:
            if table.nr * max(table.nc, 1) < 10**6:
                table.array()
    except VicarError:
        pass


@given(st.integers(0, 3000), st.lists(st.integers(1, 257), min_size=1, max_size=20))
def test_layouts_place_every_cell_once(rows, sizes):
    for kind in (RowLayout, ColumnLayout):
        layout = kind(rows, sizes)
        layout.start()
        last = 0
        for column, size in enumerate(sizes):
            offset, stride = layout.place(column)
            last = max(last, offset + max(rows - 1, 0) * stride + size if rows else 0)
        assert last <= layout.blocks * layout.blocksize
    assert power_of_two(rows) >= max(rows, 1) and power_of_two(rows) < 2 * max(rows, 1)


def test_every_table_of_the_public_tree_opens(tree):
    paths = [p for p in (tree / "vos").rglob("*") if p.suffix in (".int", ".ibis", ".ibis-2", ".lut") and p.is_file()]
    opened = 0
    for path in paths:
        if path.read_bytes()[:8] != b"LBLSIZE=":
            continue
        with open_table(path, nc=2 if b"GRAPH1" in path.read_bytes()[:2000] else 0) as table:
            table.array()
        opened += 1
    assert opened >= 12
