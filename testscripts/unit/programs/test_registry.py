"""Every program has one module, every module a parameter file, and they speak of the same parameters."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from programs import registry

ROOT = Path(__file__).resolve().parents[3]
LIBRARIES = ["vicar", *registry.OWN_FAMILIES]


@pytest.mark.parametrize("library", LIBRARIES)
def test_no_program_twice_in_a_library(library):
    names = [
        path.stem
        for family in registry.families(library)
        for path in (ROOT / "programs" / family).glob("*.py")
        if not path.stem.startswith("_")
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_program_has_a_parameter_file(library):
    missing = [name for name in registry.index(library) if not (ROOT / "pdf" / library / f"{name}.pdf").exists()]
    assert missing == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_module_has_an_entry_and_says_where_its_facts_come_from(library):
    for name, module in registry.index(library).items():
        tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        imported = {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
        assigned = {t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)}
        assert {"main", "standalone"} & (functions | imported | assigned), module
        assert ast.get_docstring(tree), module


@pytest.mark.parametrize("library", LIBRARIES)
def test_parameter_files_have_a_title(library):
    untitled = [
        path.name
        for path in (ROOT / "pdf" / library).glob("*.pdf")
        if not re.search(r"(?im)^\.title", path.read_bytes().decode("latin-1"))
    ]
    assert untitled == []


ASKING = {"integer", "integers", "real", "reals", "double", "doubles", "string", "strings", "count", "defaulted", "output"}


def asked_for(path: Path) -> set[str]:
    """Parameter names that a module asks its task for, where they are written out."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ASKING
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "task"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            names.add(node.args[0].value.upper())
    return names


def declared(path: Path) -> set[str]:
    """Names of the parameters in a parameter file."""
    text = path.read_bytes().decode("latin-1")
    text = re.split(r"(?im)^\s*end-proc", text)[0]
    names: set[str] = set()
    for match in re.finditer(r"(?im)^\s*parm(?:-page)?\s+(?:name\s*=\s*)?(\([^)]*\)|[\w$]+)", text):
        names |= {name.upper() for name in re.findall(r"[\w$]+", match[1])}
    return names


@pytest.mark.parametrize("library", LIBRARIES)
def test_programs_ask_only_for_parameters_that_exist(library):
    wrong = {}
    for name, module in registry.index(library).items():
        unknown = asked_for(ROOT / (module.replace(".", "/") + ".py")) - declared(ROOT / "pdf" / library / f"{name}.pdf")
        unknown = {n for n in unknown if not n.startswith("$")}  # globals come with the parameters
        if unknown:
            wrong[name] = sorted(unknown)
    assert wrong == {}
