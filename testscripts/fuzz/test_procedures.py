"""Some hundred spoiled procedures, always the same; ``python -m testscripts.fuzz.procedures`` makes more."""

import random
from pathlib import Path

import pytest

from testscripts.fuzz import procedures

FOLDER = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzzed")
    (folder / "slogon.pdf").write_text(procedures.LOG_ON)
    (folder / "prog.pdf").write_text(procedures.PROGRAM)
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_only_messages_come_out(place, seed):
    chance = random.Random(seed)
    known = procedures.sources(FOLDER)
    for number in range(40):
        text = procedures.random_bytes(chance) if number % 10 == 0 else procedures.mutated(chance.choice(known), known, chance)
        assert "Traceback" not in procedures.run(text, place)


def test_an_endless_loop_is_interrupted(place):
    said = procedures.run(b"procedure\nlocal n int initial=0\nbody\nloop\nlet n=n+1\nend-loop\nend-proc\n", place)
    assert "Traceback" not in said
