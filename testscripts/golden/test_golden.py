"""Every case of the reference data: what the score lists must be reproduced, the rest says what it lacks.

``native`` and ``skeleton`` run the procedures of the public tree and need it as well.
"""

import pytest

from monitor.verify.collector import settle
from monitor.verify.run import PixelRunner, run_test
from monitor.verify.score import DENOMINATORS
from monitor.verify.scoring import suite_tests
from monitor.verify.suites import pixel_commands
from monitor.verify.verdict import Verdict
from testscripts.golden.line_by_line import opinion

SUITES = [suite for suite in DENOMINATORS if suite != "pixels"]
NEED_TREE = ("native", "skeleton")


def _suite_parameters(suite, config):
    """The tests of a suite, or one that is skipped because its data is absent."""
    shared, tree = config.shared_folder, config.tree_folder
    if shared is None:
        reason = "needs the shared reference data (VICAR_SHARED or ../shared)"
    elif tree is None and suite in NEED_TREE:
        reason = "needs the public VICAR source tree (VICAR_TREE)"
    else:
        return [pytest.param(suite, test, id=f"{suite}-{test.name}") for test in suite_tests(suite, shared, tree)]
    return [pytest.param(suite, None, id=suite, marks=pytest.mark.skip(reason=reason))]


def pytest_generate_tests(metafunc):
    config = metafunc.config
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("suite, case", [one for suite in SUITES for one in _suite_parameters(suite, config)])
    if "command" in metafunc.fixturenames:
        if config.shared_folder is None:
            skip = pytest.mark.skip(reason="needs the shared reference data (VICAR_SHARED or ../shared)")
            metafunc.parametrize("command", [pytest.param(None, id="pixels", marks=skip)])
        else:
            metafunc.parametrize(
                "command", [pytest.param(one, id=one.command) for one in pixel_commands(config.shared_folder)]
            )


def test_log(suite, case, verify_worker, score, pytestconfig, tmp_path):
    outcome = run_test(case, verify_worker, keep=tmp_path)
    same_opinion(case, outcome, tmp_path / case.name / case.log, pytestconfig.tree_folder)
    settle(outcome, suite, score, pytestconfig)


def same_opinion(case, outcome, log, tree):
    """The verdict on a log is that of a comparison which knows nothing of ours."""
    if outcome.verdict in (Verdict.NO_DATA, Verdict.CRASHED):
        return
    ours = log.read_bytes() if log.is_file() else b""
    opinions = {opinion(model.read_bytes(), ours, case.convention.name, tree) for model in case.models}
    if "the log agrees" in outcome.reason:  # and an image beside it does not
        assert opinions & {"exact", "masked"}
    elif outcome.verdict.reproduced:
        assert outcome.verdict.value in opinions
    else:
        assert opinions == {"different"}


@pytest.fixture(scope="module")
def pixel_runner(shared, verify_worker, tmp_path_factory):
    return PixelRunner(shared, verify_worker, tmp_path_factory.mktemp("pixels"))


def test_pixels(command, pixel_runner, score, pytestconfig):
    settle(pixel_runner.run(command), "pixels", score, pytestconfig)


def test_denominators(pytestconfig):
    """The score counts what the reference data holds, no less."""
    shared, tree = pytestconfig.shared_folder, pytestconfig.tree_folder
    if shared is None:
        pytest.skip("needs the shared reference data (VICAR_SHARED or ../shared)")
    counts = {suite: len(suite_tests(suite, shared, tree)) for suite in SUITES}
    counts["pixels"] = len(pixel_commands(shared))
    assert counts == DENOMINATORS


def test_the_tree_holds_the_procedures_of_the_score(shared, tree):
    """``vicar-verify --tree`` with the models of the score runs the same tests as the score does."""
    from monitor.verify.suites import tree_tests

    ours = {test.name: test for test in suite_tests("native", shared, tree)}
    theirs = {test.name: test for test in tree_tests(tree, shared / "golden" / "native")}
    assert set(ours) == set(theirs)
    for name, test in theirs.items():
        assert (test.command, test.models, test.convention) == (ours[name].command, ours[name].models, ours[name].convention)
