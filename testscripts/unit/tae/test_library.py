"""Files below a directory that an environment name stands for, wherever the system is installed."""

from pathlib import Path

import pytest

from tae.library import FileSystem, search

DIRECTORIES = ["plain/place", "Capital/Place", "of 80 (characters) and @ others", "x" * 60 + "/" + "y" * 60]


@pytest.mark.parametrize("directory", DIRECTORIES)
@pytest.mark.parametrize("force_lower", [False, True])
def test_a_name_may_stand_for_any_directory(tmp_path: Path, directory: str, force_lower: bool) -> None:
    place = tmp_path / directory
    place.mkdir(parents=True)
    (place / "proc.pdf").write_text("procedure\nend-proc\n")
    files = FileSystem(lambda: tmp_path, {"LIB": str(place)})
    files.force_lower = force_lower
    for text, libraries in (("$LIB/proc", []), ("proc", ["$LIB"])):
        found = search(files, text, "pdf", libraries)
        assert found and found.path == place / "proc.pdf"
    assert search(files, "$LIB/other", "pdf", []) is None
