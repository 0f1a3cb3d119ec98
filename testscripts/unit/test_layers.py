"""Who may import whom (the table of ARCHITECTURE.md), read from the source text."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {
    "tae": {"vicar", "programs", "monitor", "numpy"},
    "vicar": {"tae", "programs", "monitor"},
    "programs": {"tae", "monitor"},
}


def imported_packages(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_package_imports_only_what_is_below_it(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    wrong = {str(f.relative_to(ROOT)): sorted(bad) for f in files if (bad := imported_packages(f) & FORBIDDEN[package])}
    assert wrong == {}


def program_imports() -> dict[str, set[str]]:
    """For each module of ``programs``, the modules of ``programs`` it takes names from."""
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / "programs").rglob("*.py")}
    imports = {}
    for name, path in modules.items():
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)} & modules.keys()
        imports[name] = found - {name}
    return imports


def test_no_two_programs_import_each_other():
    remaining = program_imports()
    while leaves := {name for name, needed in remaining.items() if not needed & remaining.keys()}:
        remaining = {name: needed for name, needed in remaining.items() if name not in leaves}
    assert remaining == {}
