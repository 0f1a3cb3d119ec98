"""Table programs that decide many rows at once: what they find is what their row-by-row way finds."""

import numpy as np

from programs.ibis import grid3pt, gridck, xyzpic2, zipcol2


def test_ranges_in_ascending_cells():
    generator = np.random.default_rng(1)
    for _ in range(500):
        cells = np.sort(generator.integers(0, 8, generator.integers(1, 12))).astype(float)
        keys = generator.integers(-1, 9, 5).astype(float)
        low = generator.integers(0, len(cells), 5)
        high = np.minimum(low + generator.integers(0, 9, 5), len(cells) - 1)
        for through in (False, True):
            quick, slow = (search(cells, keys, low, high, through) for search in (zipcol2.between, zipcol2.halve))
            assert np.array_equal(quick, slow)


def found(x, y, tolerance):
    try:
        return gridck.areas(x, y, tolerance)
    except gridck.NoGrid:
        return None


def test_grids(monkeypatch):
    generator = np.random.default_rng(2)
    cases = []
    for _ in range(1000):
        across, down = generator.integers(1, 7, 2)
        y, x = (part.ravel() for part in np.mgrid[:down, :across].astype(float))
        x = x * generator.integers(1, 5) + generator.integers(-3, 4) * y
        y = y * generator.integers(1, 5) + generator.normal(0, generator.choice([0, 0.1, 0.3]), len(x))
        if generator.random() < 0.15:
            place = generator.integers(len(x))
            x[place] = y[place] = generator.choice([-999.0, np.nan])
        cases.append((x, y, float(generator.choice([0, 0.5, 0.99, 1.0, 2.0, 3.5]))))
    quick = [found(*case) for case in cases]
    monkeypatch.setattr(gridck, "clearly_even", lambda *_: False)
    assert quick == [found(*case) for case in cases] and sum(case is not None for case in quick) > 100


def test_farthest_as_a_loop_finds_it():
    generator = np.random.default_rng(3)
    for _ in range(2000):
        distances = generator.choice([0.0, 1.0, 2.0, 3.0, np.inf, np.nan], generator.integers(1, 9))
        kept, largest = 0, 0.0
        for place, distance in enumerate(distances):
            if not distance <= largest:
                kept, largest = place, distance
        assert grid3pt.farthest(distances) == kept


def test_selection_sort():
    generator = np.random.default_rng(4)
    for _ in range(500):
        lines = generator.choice([1.0, 2.0, 3.0, 4.0, np.inf, np.nan], generator.integers(1, 9))
        samples = generator.integers(1, 4, len(lines)).astype(float)
        order = list(range(len(lines)))
        for place in range(len(order)):
            least = place
            for other in range(place + 1, len(order)):
                if lines[order[least]] > lines[order[other]]:
                    least = other
            order[place], order[least] = order[least], order[place]
        drawn = [dict(((lines[n], samples[n]), n) for n in rows) for rows in (order, xyzpic2.selection_order(lines, samples))]
        assert np.isnan(lines).any() or drawn[0] == drawn[1]
        if np.isnan(lines).any():
            assert order == xyzpic2.selection_order(lines, samples).tolist()
