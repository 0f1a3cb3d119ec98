"""The quick readers against the grammars, on every statement of the public tree and of the recorded procedures."""

import importlib.util
from pathlib import Path

import pytest

from tae import parameterfile
from tae.expression_parser import parse_expression
from tae.messages import TaeError
from tae.parser import parse_command, parse_command_qualifiers, parse_fields

HERE = Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("grammar_reading", HERE.parent / "unit" / "tae" / "grammar_reading.py")
reading = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(reading)

# What the grammar says too coarsely, the readers as the original: a comma at the end after name=value is an error, a mark at the
# end of a list has an empty component behind it, and a line can do without a command.
COARSE = {"callee a=5,", "callee c=(a,=)", "|y|", ",z"}
FREE_FORM = ("USH", "DCL", "FOR", "GOTO")


def statements(folder: Path) -> dict[str, None]:
    """The different statements of all procedures below a folder, before substitution."""
    found: dict[str, None] = {}
    for path in sorted(folder.rglob("*.pdf")):
        text = path.read_bytes().decode("latin-1")
        if text.startswith("%PDF"):
            continue
        file = parameterfile.parse(text)
        index = 0
        while index < file.end_of_statements:
            try:
                statement, index = file.statement(index)
            except TaeError as error:
                if error.resume is None:
                    break
                index = error.resume
                continue
            found[statement.text] = None
    return found


def condition(operands: str) -> str:
    """The condition of an IF: up to the parenthesis that closes it."""
    depth, quoted = 0, False
    for at, char in enumerate(operands):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "()":
            depth += 1 if char == "(" else -1
            if char == ")" and depth == 0:
                return operands[: at + 1]
    return operands


def compare_expression(text: str) -> bool | None:
    """Whether both read an expression alike; None for one that goes on after a comma."""
    quick = parse_expression(text)
    wrong = bool(quick.code) and quick.code[-1][0] == "error"
    if quick.comma and not wrong:
        return None
    try:
        reductions = reading.reductions(text)
    except reading.Rejected:
        return wrong
    bare = [item[:1] if item[0] in ("number", "/") else item for item in quick.code]
    return not wrong and bare == reductions


def compare_statement(text: str) -> bool:
    command = parse_command(text)
    try:
        qualifiers, position = parse_command_qualifiers(command.text, command.rest)
        operands = parse_fields(command.text, position)
    except TaeError:
        operands = None
    fields = [*operands.positional, *operands.named] if operands else []
    wrong = operands is None or any(field.error or field.qualifier_error for field in fields)
    try:
        tree = reading.statement(text)
    except reading.Rejected:
        return wrong
    if wrong:
        return False
    head = {"label": command.label, "name": command.name, "subcommand": command.subcommand, "qualifiers": qualifiers}
    return tree == {**head, "fields": fields}


def differences(texts) -> tuple[list[str], int]:
    different, compared = [], 0
    for text in texts:
        try:
            command = parse_command(text)
        except TaeError:
            continue
        word = command.name.upper()
        if word in FREE_FORM:
            continue
        if word == "LET":
            same = compare_expression(command.operands.partition("=")[2])
        elif word == "IF" or (word == "ELSE" and command.dash):
            same = compare_expression(condition(command.operands))
        else:
            same = compare_statement(text)
        compared += same is not None
        if same is False:
            different.append(text)
    return different, compared


def test_public_tree(tree):
    different, compared = differences(statements(tree / "vos"))
    assert compared > 25000
    assert different == []


@pytest.mark.parametrize("folder", ["cases", "monitor", "skeleton", "tutor"])
def test_recorded_procedures(shared, folder):
    different, _ = differences(statements(shared / "golden" / folder))
    assert different == []


@pytest.mark.parametrize("folder", ["pdf", "testscripts"])
def test_our_own_procedures(folder):
    """Runs everywhere; the odd statements of the test procedures are among these."""
    different, compared = differences(statements(HERE.parent.parent / folder))
    assert compared > 1000
    assert set(different) <= COARSE
