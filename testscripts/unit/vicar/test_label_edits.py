"""What a label keeps about its items through edits is what a fresh look at its text gives."""

import random

import pytest

from vicar.errors import VicarError
from vicar.label.label import Label
from vicar.label.syntax import scan

TEXT = "FORMAT='BYTE'  NL=10  PROPERTY='MAP'  A=1  B=(1,2)  TASK='GEN'  USER='me'  IVAL=0.0  TASK='F2'  USER='me'  "


@pytest.mark.parametrize("seed", range(30))
def test_kept(seed):
    choose = random.Random(seed)
    label = Label(TEXT)
    for _ in range(60):
        place = choose.choice([{}, {"task": "F2"}, {"task": ""}, {"property": "MAP"}, {"property": choose.choice("PQ")}])
        key = choose.choice(["A", "B", "NL", "TASK", "PROPERTY", "USER", "X1", "X2"])
        value = choose.choice([1, 2.5, "it's", "TASK='A'  ", "", [1, 2, 3], "x" * 300])
        try:
            if choose.random() < 0.7:
                label.add(key, value, mode=choose.choice(["ADD", "REPLACE", "INSERT"]), element=choose.randrange(3), **place)
            else:
                label.delete(key, **place)
        except VicarError:
            pass
        fresh = Label(label.text)
        assert label.all_items == scan(label.text)
        assert label._set_heads == fresh._set_heads
        for wanted in ("A", "NL", "X1", "USER", ""):
            assert label._find(wanted, 0, len(label.text)) == fresh._find(wanted, 0, len(label.text))
            start, stop = sorted(choose.sample(range(len(label.text)), 2))
            slow = next((i for i in scan(label.text) if i.start >= start and (not wanted or i.key == wanted)), None)
            assert label._find(wanted, start, stop) == (slow if slow and slow.end <= stop else None)
