"""The collector finds models, and the ratchet fails what was lost, excuses what never worked and reports what is new."""

import pytest

from monitor.verify import collector
from monitor.verify.collector import model_of, settle
from monitor.verify.pool import Report
from monitor.verify.score import Score
from monitor.verify.verdict import Outcome, Verdict


def test_model_of(tmp_path):
    folder = tmp_path / "gen"
    folder.mkdir()
    own, other = folder / "gen.pdf", folder / "tstgen2.pdf"
    own.touch()
    assert model_of(own) is None
    (folder / "model.log").touch()
    assert model_of(own) == folder / "model.log"
    other.touch()
    assert model_of(own) == folder / "model.log", "the folder's namesake keeps it"
    assert model_of(other) is None, "a helper has no model"
    (folder / "tstgen2.log").touch()
    assert model_of(other) == folder / "tstgen2.log"


class Config:
    def __init__(self):
        self.stash = pytest.Stash()


@pytest.mark.parametrize(
    ("verdict", "listed", "ending"),
    [
        (Verdict.EXACT, True, None),
        (Verdict.MASKED, False, None),
        (Verdict.DIFFERENT, True, pytest.fail.Exception),
        (Verdict.CRASHED, True, pytest.fail.Exception),
        (Verdict.CANNOT_RUN, True, pytest.fail.Exception),
        (Verdict.ACCEPTED, True, pytest.fail.Exception),
        (Verdict.DIFFERENT, False, pytest.xfail.Exception),
        (Verdict.CANNOT_RUN, False, pytest.xfail.Exception),
        (Verdict.NO_DATA, True, pytest.skip.Exception),
    ],
)
def test_ratchet(verdict, listed, ending):
    score, config = Score({"cases": {"one"} if listed else set()}), Config()
    outcome = Outcome("one", verdict, "why")
    if ending is None:
        settle(outcome, "cases", score, config)
    else:
        with pytest.raises(ending):
            settle(outcome, "cases", score, config)
    gained = config.stash.get(collector._GAINED, [])
    assert gained == ([] if listed or not verdict.reproduced else ["cases: one"])


@pytest.fixture
def item(tmp_path, request, monkeypatch):
    folder = tmp_path / "gen"
    folder.mkdir()
    (folder / "gen.pdf").write_text('procedure\nbody\nlet $echo="yes"\nenable-log\nwrite "a"\nend-proc\n')
    (folder / "model.log").write_text('write "a"\na\nend-proc\n')
    (folder / "notes.md").write_text("Recorded by hand for this test.\n")
    monkeypatch.setattr(collector, "the_worker", lambda config: StandIn())
    file = collector.ProcedureFile.from_parent(request.session, path=folder / "gen.pdf", model=folder / "model.log")
    return next(iter(file.collect()))


class StandIn:
    """A worker that writes the log of the procedure above."""

    def run(self, job, timeout):
        with open(f"{job['directory']}/session.log", "w") as log:
            log.write('write "a"\na\nend-proc  \n')
        return Report(status=0)


def test_procedure_passes_and_a_mutated_model_fails(item):
    item.runtest()
    model = item.parent.model
    model.write_text(model.read_text().replace("a\nend", "b\nend"))
    with pytest.raises(collector.Different, match="caused by gen line 5"):
        item.runtest()


def test_provenance_is_required(item):
    (item.path.parent / "notes.md").unlink()
    with pytest.raises(collector.Different, match="where the model came from"):
        item.runtest()
