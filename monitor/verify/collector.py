"""The pytest side: collects ``testscripts/NAME/*.pdf`` with their models, and keeps the score's ratchet.

``testscripts/conftest.py`` imports the hooks and fixtures from here. The layout is described in ``testscripts/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.verify.masks import CASES
from monitor.verify.pool import Worker
from monitor.verify.report import detail
from monitor.verify.run import run_test
from monitor.verify.score import Score
from monitor.verify.scoring import SCORE
from monitor.verify.suites import NOT_PROCEDURES, model_of, procedure_test
from monitor.verify.verdict import Outcome, Verdict

_WORKER = pytest.StashKey[Worker]()
_GAINED = pytest.StashKey[list[str]]()


def the_worker(config: pytest.Config) -> Worker:
    """One worker process for the whole test session."""
    if _WORKER not in config.stash:
        config.stash[_WORKER] = Worker()
        config.add_cleanup(config.stash[_WORKER].stop)
    return config.stash[_WORKER]


@pytest.fixture(scope="session")
def verify_worker(pytestconfig: pytest.Config) -> Worker:
    return the_worker(pytestconfig)


@pytest.fixture(scope="session")
def score() -> Score:
    return Score.load(SCORE)


def settle(outcome: Outcome, suite: str, score: Score, config: pytest.Config) -> None:
    """The ratchet: what the score lists must be reproduced; what it does not list may fail, and says why."""
    listed = outcome.name in score.reproduced.get(suite, set())
    if outcome.verdict.reproduced:
        if not listed:
            config.stash.setdefault(_GAINED, []).append(f"{suite}: {outcome.name}")
        return
    if outcome.verdict is Verdict.ACCEPTED and not listed:
        return
    if outcome.verdict is Verdict.NO_DATA:
        pytest.skip(outcome.reason)
    text = "\n".join(detail(outcome))
    if listed:
        pytest.fail(f"was reproduced (testscripts/score.json), no longer is:\n{text}", pytrace=False)
    pytest.xfail(outcome.summary())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    gained = config.stash.get(_GAINED, [])
    if gained:
        terminalreporter.section("reproduced and not yet in the score (vicar-verify --score SHARED --update)")
        for name in gained:
            terminalreporter.write_line(name)


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Procedures of ``testscripts/NAME/`` that have a model; those without one are helpers of others."""
    scripts = SCORE.parent
    if file_path.suffix != ".pdf" or file_path.parent.parent != scripts or file_path.parent.name in NOT_PROCEDURES:
        return None
    model = model_of(file_path)
    return ProcedureFile.from_parent(parent, path=file_path, model=model) if model else None


class ProcedureFile(pytest.File):
    """A procedure with a model."""

    def __init__(self, *, model: Path, **kwargs):
        super().__init__(**kwargs)
        self.model = model

    def collect(self) -> Iterator[pytest.Item]:
        yield ProcedureItem.from_parent(self, name=self.path.stem)


class Different(Exception):
    """A procedure whose log is not the model's."""


class ProcedureItem(pytest.Item):
    """Runs the procedure in a copy of its folder and compares the log."""

    def runtest(self) -> None:
        assert isinstance(self.parent, ProcedureFile)
        if not (self.path.parent / "notes.md").is_file():
            raise Different(f"{self.path.parent.name}/notes.md is missing: it says where the model came from")
        test = procedure_test(self.path, [self.parent.model], CASES)
        outcome = run_test(test, the_worker(self.config))
        if outcome.verdict.agreeable:
            return
        if outcome.verdict in (Verdict.KNOWN_BAD, Verdict.CANNOT_RUN):
            pytest.xfail(outcome.summary())
        raise Different("\n".join(detail(outcome)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style=None):
        if isinstance(excinfo.value, Different):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"procedure {self.path.parent.name}/{self.name}"
