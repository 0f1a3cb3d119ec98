"""Workers, verdicts on runs, records and the score; with a stand-in for the session, so that each ending can be made."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from monitor.verify.html import page
from monitor.verify.masks import NATIVE
from monitor.verify.pool import Pool, Report, Worker
from monitor.verify.record import RefusedModel, record
from monitor.verify.report import as_json, detail, unlocking
from monitor.verify.run import judge
from monitor.verify.score import Score
from monitor.verify.suites import Test, case_test, enables_log, is_log, wrapper
from monitor.verify.verdict import Outcome, Verdict, tally

STAND_IN = """
import sys, json, time, os
for line in sys.stdin:
    job = json.loads(line)
    if job["do"] == "die": os.abort()
    if job["do"] == "sleep": time.sleep(60)
    print(json.dumps({"status": 0, "programs": [job["do"]], "seconds": os.getpid()}), flush=True)
"""


@pytest.fixture
def worker():
    made = Worker([sys.executable, "-c", STAND_IN])
    yield made
    made.stop()


def test_worker_stays_alive(worker):
    first, second = worker.run({"do": "a"}, 20), worker.run({"do": "b"}, 20)
    assert (first.programs, second.programs) == (["a"], ["b"])
    assert first.seconds == second.seconds, "the same process answered"


def test_crash_and_endless_loop_end_one_job_only(worker):
    assert "signal 6" in worker.run({"do": "die"}, 20).crash
    assert worker.run({"do": "sleep"}, 0.5).crash == "no end after 0.5 s"
    assert worker.run({"do": "a"}, 20).programs == ["a"]


def test_pool_keeps_order_by_index():
    with Pool(2) as pool:
        results = dict(pool.run([lambda worker, n=n: n * n for n in range(7)]))
    assert results == {n: n * n for n in range(7)}


MODEL = b"gen a 10 10\nBeginning VICAR task gen\nGEN Version 2019-05-28\n"


@pytest.fixture
def test_of(tmp_path):
    (tmp_path / "tst.pdf").write_text('procedure\nbody\nlet $echo="yes"\nenable-log\ngen a 10 10\nend-proc\n')
    (tmp_path / "tst.log").write_bytes(MODEL)

    def make(**changes):
        values = {
            "name": "tst",
            "suite": "procedure",
            "command": "tst",
            "procedure": tmp_path / "tst.pdf",
            "models": (tmp_path / "tst.log",),
            "convention": NATIVE,
            "prepare": lambda folder: None,
        }
        return Test(**{**values, **changes})

    return make


def test_verdicts(test_of):
    test = test_of()
    assert judge(test, MODEL, Report()).verdict is Verdict.EXACT
    assert judge(test, MODEL.replace(b"10\n", b"10  \n"), Report()).verdict is Verdict.MASKED
    different = judge(test, MODEL.replace(b"2019-05-28", b"2019-05-29"), Report())
    assert different.verdict is Verdict.DIFFERENT
    assert (different.matched, different.total) == (2, 3)
    assert different.cause == "tst line 5: gen a 10 10; in program gen"
    assert any("^" in line for line in detail(different))
    assert judge(test, MODEL, Report(crash="no end after 1 s")).verdict is Verdict.CRASHED
    absent = b"gen a 10 10\n[TAE-NOPROC] Unable to locate proc 'gen'.;\n\r proc 'tst', line 5\n"
    result = judge(test, absent, Report())
    assert (result.verdict, result.reason) == (Verdict.CANNOT_RUN, "program gen missing")


def test_program_missing_in_the_original_too_is_no_excuse(test_of, tmp_path):
    (tmp_path / "tst.log").write_bytes(b"[TAE-NOPROC] Unable to locate proc 'gen'.\nx\n")
    assert judge(test_of(), b"[TAE-NOPROC] Unable to locate proc 'gen'.\ny\n", Report()).verdict is Verdict.DIFFERENT


def test_accepted_and_known_need_a_reason(test_of, tmp_path):
    ours = MODEL.replace(b"2019", b"2020")
    (tmp_path / "tst.known.log").write_bytes(ours)
    with pytest.raises(ValueError, match="no written reason"):
        judge(test_of(), ours, Report())
    (tmp_path / "tst.known.md").write_text("The version line is not right yet.\n")
    result = judge(test_of(), ours, Report())
    assert (result.verdict, result.reason) == (Verdict.KNOWN_BAD, "The version line is not right yet.")
    assert not result.verdict.agreeable
    (tmp_path / "tst.accepted.log").write_bytes(ours)
    (tmp_path / "tst.accepted.md").write_text("Dates differ by design.\n")
    assert judge(test_of(), ours, Report()).verdict is Verdict.ACCEPTED
    assert judge(test_of(), ours + b"x\n", Report()).verdict is Verdict.DIFFERENT


def test_any_of_several_models_will_do(test_of, tmp_path):
    (tmp_path / "tst.log_solos").write_bytes(MODEL.replace(b"2019", b"1998"))
    test = test_of(models=(tmp_path / "tst.log_solos", tmp_path / "tst.log"))
    assert judge(test, MODEL, Report()).verdict is Verdict.EXACT


def test_models_are_never_written_from_our_output(tmp_path):
    for kind in ("model", "log", ""):
        with pytest.raises(RefusedModel):
            record(tmp_path / "tst.log", b"ours", kind, "because I say so")
    for name in ("tst.log", "model.log", "tst.accepted.log"):
        with pytest.raises(RefusedModel):
            record(tmp_path / name, b"ours", "known", "because I say so")
    with pytest.raises(RefusedModel, match="reason"):
        record(tmp_path / "tst.known.log", b"ours", "known", "wrong")
    assert list(tmp_path.iterdir()) == []
    record(tmp_path / "tst.known.log", b"ours", "known", "the third line is wrong")
    assert (tmp_path / "tst.known.md").read_text() == "the third line is wrong\n"


def outcome(name, verdict, **more):
    return Outcome(name, verdict, **more)


def test_score_is_a_ratchet(tmp_path):
    score = Score.load(tmp_path / "score.json")
    good = outcome("p2.gen.tstgen", Verdict.MASKED, programs=["gen", "list"])
    bad = outcome("p2.gen.tstgen", Verdict.DIFFERENT)
    assert score.add("native", [good], {"p2.gen.tstgen": "gen"}) == 1
    score.save(tmp_path / "score.json")
    again = Score.load(tmp_path / "score.json")
    assert again.reproduced["native"] == {"p2.gen.tstgen"}
    assert again.programs == {"gen": "digits", "list": "text"}
    assert again.lost("native", [bad]) == [bad] and again.lost("native", [good]) == []
    again.add("native", [bad])
    assert again.reproduced["native"] == {"p2.gen.tstgen"}, "nothing is ever taken off"
    again.add("pixels", [outcome("gen $O", Verdict.EXACT, programs=["gen"])])
    again.add("cases", [outcome("x", Verdict.EXACT, programs=["gen"])])
    assert again.programs["gen"] == "pixels", "a level is never lowered"
    data = json.loads((tmp_path / "score.json").read_text())
    assert data["native"]["of"] == 310 and data["native"]["count"] == 1


def test_reports(test_of):
    different = judge(test_of(), MODEL.replace(b"gen\n", b"<gen>\n"), Report(), sides=True)
    absent = outcome("other", Verdict.CANNOT_RUN, missing=["f2"])
    text = page([different, absent], "a & b")
    assert "&lt;gen&gt;" in text and "<gen>" not in text and "a &amp; b" in text
    assert as_json([different, absent])["verdicts"] == Counter({"different": 1, "cannot run": 1})
    assert unlocking([absent]) == ["one more program: f2 lets 1 run"]
    assert tally([different, absent]) == "1 different, 1 cannot run of 2"


def test_case_folder(tmp_path):
    folder = tmp_path / "abc"
    folder.mkdir()
    (folder / "abc.pdf").write_text("procedure\nbody\nend-proc\n")
    (folder / "model.log").write_text("x\n")
    (folder / "prepare.py").write_text("open('made', 'w').write('1')\n")
    target = tmp_path / "run"
    target.mkdir()
    case_test(folder).prepare(target)
    assert sorted(path.name for path in target.iterdir()) == ["abc.pdf", "made", "prepare.py"]


def test_wrapper_only_without_enable_log(tmp_path):
    assert enables_log("body\nENABLE-LOG\n") and not enables_log("body\nwrite 1\n")
    assert "enable-log\ntst x\ndisable-log" in wrapper("tst x")
    for name, is_one in (("a.log", True), ("a.log_linux", True), ("a.pdf", False), ("a.logo", False)):
        (tmp_path / name).touch()
        assert is_log(Path(tmp_path, name)) is is_one
