"""Fixtures every test may use.

``shared``: folder of reference data (``VICAR_SHARED``, or ``shared`` beside the checkout). ``tree``: the public VICAR source
tree (``VICAR_TREE``). Tests that need one say so when they skip; with ``VICAR_REQUIRE_SHARED=1`` a missing folder fails.
"""

import os
from pathlib import Path

os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4")

import pytest

from monitor.verify import collector

try:
    from hypothesis import settings
except ImportError:  # only some tests need it, and say so
    pass
else:
    settings.register_profile("untimed", deadline=None)  # no test asserts a time
    settings.load_profile("untimed")

# procedures with models are collected as tests, and the score is a ratchet
pytest_collect_file = collector.pytest_collect_file
pytest_terminal_summary = collector.pytest_terminal_summary
verify_worker = collector.verify_worker
score = collector.score

ROOT = Path(__file__).resolve().parent.parent


def shared_folder() -> Path | None:
    """The reference data, or None."""
    given = os.environ.get("VICAR_SHARED")
    folder = Path(given) if given else ROOT.parent / "shared"
    return folder if (folder / "golden").is_dir() else None


def tree_folder() -> Path | None:
    """The public source tree (the folder that holds ``vos``), or None."""
    given = os.environ.get("VICAR_TREE")
    return Path(given) if given and (Path(given) / "vos").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = shared_folder()
    if folder is None:
        if os.environ.get("VICAR_REQUIRE_SHARED"):
            pytest.fail("reference data is required here (VICAR_REQUIRE_SHARED) but was not found")
        pytest.skip("needs the shared reference data (VICAR_SHARED or ../shared)")
    return folder


@pytest.fixture(scope="session")
def tree() -> Path:
    folder = tree_folder()
    if folder is None:
        pytest.skip("needs the public VICAR source tree (VICAR_TREE)")
    return folder


def pytest_configure(config: pytest.Config) -> None:
    """For tests that take their parameters from the data: where it is, or None."""
    config.shared_folder = shared_folder()
    config.tree_folder = tree_folder()
