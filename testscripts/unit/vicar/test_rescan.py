"""Items of a changed label, found again from those before, against a scan of the whole text."""

import random

from vicar.label import syntax

PIECES = ["A=1", "B='x y'", "C=(1,2)", "D='it''s'", "E='open", "F=(1,'a',2)", "G= 3", "H", "='", "I=(1,", "J=''", 'K="q"']
NEW = ["", " Z=5", "'x'", "(1,2)", " ", "'", "Z=1 Y=2 ", "7", "=", ",", "("]


def test_random_changes() -> None:
    rng = random.Random(11)
    for _ in range(4000):
        text = " ".join(rng.choices(PIECES, k=rng.randint(1, 7)))
        items = syntax.scan(text)
        start, stop = sorted(rng.randint(0, len(text)) for _ in range(2))
        if items and rng.random() < 0.7:
            item = rng.choice(items)
            start, stop = rng.choice([(item.start, item.end), (item.value_start, item.end), (item.end, item.end)])
        new = rng.choice(NEW)
        changed = text[:start] + new + text[stop:]
        found = syntax.rescan(changed, items, start, stop, len(new) - (stop - start))
        assert found == syntax.scan(changed), (text, start, stop, new)
