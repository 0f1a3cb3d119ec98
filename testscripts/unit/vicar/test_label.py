"""Label text: what the original's label routines do to it (facts from runs of the original unless noted)."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vicar.errors import VicarError
from vicar.label import Label, syntax, system

TEXT = (
    "LBLSIZE=300             FORMAT='BYTE'  NL=3  NS=5  "
    "PROPERTY='IBIS'  NR=(1,2,3)  GROUP='it''s'  PROPERTY='ibis'  X=1  PROPERTY='IBIS'  X=2  "
    "TASK='GEN'  USER='root'  DAT_TIM='Sat'  I=42  R=1.5  TASK='VERYLONG'  A=DEED  TASK='GEN'  L=('a','b c')  "
)


def label():
    return Label(TEXT, "x.img")


def failure(call, *arguments, **options):
    with pytest.raises(VicarError) as caught:
        call(*arguments, **options)
    return caught.value.key


def test_reading():
    lbl = label()
    assert lbl.get("NL") == 3 and lbl.get("format") == "BYTE"
    assert lbl.get("I", task="gen") == 42 and lbl.get("I", task="GEN", format="STRING") == "42"
    assert lbl.get("R", task="GEN", format="INT") == 1
    assert lbl.values("NR", property="ibis") == [1, 2, 3]
    assert lbl.get("X", property="IBIS", instance=2) == 2
    assert lbl.values("L", task="") == ["a", "b c"] == lbl.values("L", task="GEN", instance=2)
    assert lbl.tasks() == [("GEN", 1), ("VERYLONG", 1), ("GEN", 2)]
    assert lbl.properties() == [("IBIS", 1), ("ibis", 1), ("IBIS", 2)]


def test_quotes_stay_doubled():
    assert label().get("GROUP", property="IBIS") == "it''s"
    lbl = label()
    lbl.add("Q", "'q'", task="")
    assert "Q='''q'''" in lbl.text and lbl.get("Q", task="") == "'q"


def test_guesses():
    lbl = label()
    assert lbl.info("A", task="VERYLONGER")[1:] == ("REAL", 4, 1, 4)  # 8 characters of a task name count
    assert lbl.info("USER", task="GEN")[1:] == ("STRING", 4, 1, 4)
    assert lbl.info("NR", property="IBIS")[1:] == ("INT", 4, 3, 1)
    assert [lbl.next_item().key for _ in range(2)] == ["GROUP", "PROPERTY"]


def test_failures():
    lbl = label()
    assert failure(lbl.get, "ZZ") == "FNDKEY"
    assert failure(lbl.get, "I", task="NOPE") == "NOSCHTSK"
    assert failure(Label("LBLSIZE=1 A=1").get, "A", task="") == "NOTASK"
    assert failure(lbl.get, "I", property="NOPE") == "NOSCHPROP"
    assert failure(lbl.get, "I", property="") == "PROPREQ"
    assert failure(lbl.add, "I", 1, task="GEN") == "DUPKEY"
    assert failure(lbl.add, "I", 1, task="GEN", format="BIN") == "ILLFOREQ"
    assert failure(Label(TEXT, writable=False).delete, "NL") == "MODINPLBL"
    assert failure(Label("").get, "A") == "NOLBL"


def test_replace_without_element_appends():
    lbl = label()
    lbl.add("I", 43, task="GEN", mode="REPLACE")
    assert "I=(42,43)  R=1.5" in lbl.text


def test_replace_moves_the_item_and_leaves_its_blanks():
    lbl = label()
    lbl.add("I", 44, task="GEN", mode="REPLACE", element=1)
    assert "DAT_TIM='Sat'    R=1.5  I=44  TASK='VERYLONG'" in lbl.text


def test_delete():
    lbl = label()
    assert lbl.delete("NR", property="IBIS", element=2) == 2
    assert "NR=1  GROUP" in lbl.text
    assert lbl.delete("PROPERTY", property="IBIS", instance=2) == 1
    assert lbl.properties() == [("IBIS", 1), ("ibis", 1)]


def test_new_sets_and_items():
    lbl = label()
    lbl.add("UNIT", [1.0, 100000.0, 1e6], property="mine")
    assert "PROPERTY='MINE'  UNIT=(1.0,100000.0,1e+06)  TASK='GEN'" in lbl.text
    lbl.add("SYS", 7)
    assert "NS=5  SYS=7  PROPERTY='IBIS'" in lbl.text
    lbl.add("LAST", 1, task="")
    assert lbl.text.endswith("L=('a','b c')  LAST=1  ")


def test_number_texts():
    texts = {1.5: "1.5", 0.1: "0.1", 100000: "100000.0", 1234567: "1.23457e+06", float("inf"): "inf.0",
             float("nan"): "nan.0"}  # fmt: skip
    for value, text in texts.items():
        assert syntax.text_from_value(value, "REAL") == text
    assert syntax.text_from_value(0.1, "DOUB") == "0.1"
    assert syntax.text_from_value(1 / 3, "DOUB") == "0.3333333333333333"


def test_strings_are_cut():
    lbl = label()
    lbl.add("S", "x" * 500, task="")
    assert lbl.get("S", task="") == "x" * 247


def test_split_moves_the_last_item_that_fits():
    text = "LBLSIZE=0               EOL=0  A=1  B=2  C=3  "
    main, eol = system.split(text, 40, 10)
    assert main.rstrip(b"\0") == b"LBLSIZE=40              EOL=1  A=1  "
    assert eol == b"LBLSIZE=40              B=2  C=3    ".ljust(40, b"\0")


@pytest.mark.parametrize(
    ("header", "offset"),
    [
        ("^IMAGE_HEADER = 3\r\nRECORD_BYTES=100\r\n", 200),
        ("^IMAGE_HEADER=5 <RECORDS>\nrecord_bytes = 10", 40),
        ("^image_header = 500 < BYTES >\n", 499),
        ('^IMAGE_HEADER = ("F",2)\n', 0),
        ("^IMAGE_HEADER = 3 <FOO>\nRECORD_BYTES = 1", 0),
        ("^IMAGE_HEADER = 3 <BYTES\n", 0),
        ("RECORD_BYTES = 1", 0),
    ],
)
def test_wrapped(header, offset):
    assert system.wrapped_offset(f"PDS_VERSION_ID = PDS3\r\n{header}".encode()) == offset
    assert system.wrapped_offset(header.encode()) == 0


# ------------------------------------------------------------------ properties

keys = st.text("ABCXYZ_019", min_size=1, max_size=8).filter(lambda k: k not in ("TASK", "PROPERTY", "LBLSIZE"))
strings = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)


def quoted(string):
    return "'" + string.replace("'", "''") + "'"


values = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(str),
    strings.map(quoted),
    st.lists(strings, min_size=2, max_size=4).map(lambda v: f"({','.join(map(quoted, v))})"),
    st.lists(st.integers(-99, 99), min_size=2, max_size=4).map(lambda v: f"({','.join(map(str, v))})"),
)
sets = st.lists(st.tuples(keys, values), max_size=6, unique_by=lambda pair: pair[0])


@st.composite
def labels(draw):
    gap = draw(st.sampled_from(["  ", " ", "    "]))
    parts = ["LBLSIZE=512             "]
    for name in draw(st.sampled_from([[], ["TASK"], ["PROPERTY", "TASK"], ["TASK", "TASK"]])):
        parts += [f"{k}={v}{gap}" for k, v in draw(sets)] + [f"{name}='SET'{gap}"]
    return "".join(parts + [f"{k}={v}{gap}" for k, v in draw(sets)])


@given(labels())
def test_items_cover_the_text(text):
    items = syntax.scan(text)
    position = 0
    for item in items:
        assert not text[position : item.start].strip(" ")
        assert text[item.start : item.end] == f"{item.key}={item.value}"
        position = item.end
    assert not text[position:].strip(" ")
    assert Label(text).text == text


@given(labels(), keys, st.one_of(st.integers(-99, 99), strings))
def test_one_edit_leaves_every_other_byte(text, key, value):
    lbl = Label(text)
    if not lbl.tasks():
        return
    old = lbl.text
    fresh = not lbl.has(key, task="")
    lbl.add(key, value, task="", mode="ADD" if fresh else "INSERT")
    if fresh:
        assert lbl.text.startswith(old)
        # deleting it again takes the item and leaves its blanks
        lbl.delete(key, task="")
        assert lbl.text == old + "  "
    else:
        before = next(i for i in syntax.scan(old) if i.key == key and i.start > old.rindex("TASK="))
        assert lbl.text.startswith(old[: before.start]) and lbl.text.endswith(old[before.end :])


@given(strings, strings)
def test_strings_come_back(first, second):
    lbl = Label("LBLSIZE=1 TASK='A'  ")
    lbl.add("S", [first, second], task="A", format="STRING")
    item = next(i for i in lbl.all_items if i.key == "S")
    assert item.value == f"({quoted(first)},{quoted(second)})"
    if "'" not in first + second:
        assert lbl.values("S", task="A") == [first, second]


# ------------------------------------------------------------------ as dictionaries
def test_sets_are_dictionaries():
    lbl = label()
    assert lbl["nl"] == 3 and "NL" in lbl and "I" not in lbl and list(lbl) == ["LBLSIZE", "FORMAT", "NL", "NS"]
    assert dict(lbl.task_set()) == {"L": ["a", "b c"]} and lbl.task_set("gen")["I"] == 42
    assert [(s.name, s.instance) for s in lbl.history] == [("GEN", 1), ("VERYLONG", 1), ("GEN", 2)]
    assert lbl.property_set("IBIS", 2).get("X") == 2 and lbl.property_set("IBIS", 2).get("Y", 7) == 7
    assert dict(lbl.property_set("NONE")) == {}
    for missing in ("NOPE", 0, "", None):
        with pytest.raises(KeyError):
            lbl[missing]
    assert failure(lbl.task_set, "NOPE") == "NOSCHTSK"


def test_sets_are_edited():
    lbl = label()
    old = lbl.text
    lbl.task_set()["NEW"] = [1, 2]
    assert lbl.text == old + "NEW=(1,2)  "
    lbl.history[0]["I"] = "x"
    assert "R=1.5  I='x'  TASK='VERYLONG'" in lbl.text and lbl.task_set("GEN")["I"] == "x"
    del lbl.history[0]["I"]
    assert "I" not in lbl.task_set("GEN")
    lbl.property_set("MAP")["SCALE"] = 2.5
    assert "PROPERTY='MAP'  SCALE=2.5  TASK='GEN'" in lbl.text
    with pytest.raises(KeyError):
        del lbl.task_set()["NOPE"]
    assert failure(Label(TEXT, writable=False).system.__setitem__, "NL", 1) == "MODINPLBL"


def test_short_ways_of_reading_values_make_no_difference():
    for value in ("1", "+12", "-123456789", "1234567890", "12345678901", "1.5", "1d5", "1e5", ".", "-", "1.5e", "5\t", "''", "'a'",
                  "'5'", "'a''b'", "'" + 249 * "x" + "'", "'" + 250 * "x" + "'", 300 * "7", "(1,2)", "('a',2)", "a'b", "1,2)", "7)"):
        texts = syntax.elements(value)
        long_way = syntax.values_from_text(texts, syntax.guess_format(texts[0]) if texts else "")
        assert repr(syntax.guessed_values(value)) == repr(long_way), value


def test_a_label_is_read_without_numpy(tmp_path):
    import vicar

    vicar.write(tmp_path / "a.img", [[1, 2]], items={"NOTE": "x" * 240, "MORE": "y" * 240})
    program = "import sys, vicar; label = vicar.read_label(sys.argv[1]); assert 'numpy' not in sys.modules; print(label.text)"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", program, tmp_path / "a.img"], cwd=root, capture_output=True, text=True, check=True)
    with vicar.open(tmp_path / "a.img") as image:
        assert done.stdout == image.label.text + "\n" and image.eol and image.label.history[0]["MORE"] == "y" * 240
    with pytest.raises(VicarError, match="No such file or directory"):
        vicar.read_label(tmp_path / "none")
    (tmp_path / "b.img").write_bytes(b"nothing")
    with pytest.raises(VicarError, match=r"b.img: Bad input label; check file contents \[BADLBL, XVOPEN\]"):
        vicar.read_label(tmp_path / "b.img")


def test_items_after_an_edit_are_those_of_the_whole_text():
    pieces = ["A=1 ", "B='x y'", "  ", "'", "(", ")", "[1]", "{a}", "C=", "=", "KEY=(1,'a)',3)  ", "T='it''s'  ", " ", "TASK='X' ",
              "x", "PROPERTY='M' ", "\t", "["]  # fmt: skip
    generator = random.Random(5)

    def some(most):
        return "".join(generator.choice(pieces) for _ in range(generator.randint(0, most)))

    for _ in range(3000):
        text, new = some(14), some(3)
        items = syntax.scan(text)
        start = generator.randint(0, len(text))
        stop = generator.randint(start, min(len(text), start + 8))
        if items and generator.random() < 0.5:
            item = generator.choice(items)
            start, stop = generator.choice([(item.start, item.end), (item.end, item.end), (item.start, item.start)])
        edited = text[:start] + new + text[stop:]
        assert syntax.rescan(edited, items, start, stop, len(new) - (stop - start)) == syntax.scan(edited)
