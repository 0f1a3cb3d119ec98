"""Every program has models from the original and a stated level, or a named reference of another kind."""

from testscripts.table import HERE, ROOT, references, rows


def test_every_program_is_proven():
    assert [f"{row.library} {row.name}" for row in rows() if not row.proven] == []


def test_models_say_where_they_come_from():
    folders = {row.name for row in rows() if row.procedures}
    assert [name for name in sorted(folders) if not (HERE / name / "notes.md").is_file()] == []


def test_references_are_tests_that_use_the_program():
    for name, (test, reference) in references().items():
        text = (ROOT / test).read_text("utf-8")
        assert reference and name in text.lower(), f"{test} says nothing of {name}"
