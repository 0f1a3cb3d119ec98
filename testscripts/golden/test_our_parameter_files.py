"""Our parameter files declare what the original's declare: names, order, defaults (parmlist.txt), and, with the public tree,
types, counts, sizes, valid lists and subcommands."""

from pathlib import Path

import pytest

from tae import listing, parameterfile
from tae.global_variables import initial_globals

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 250
TREES = {"vicar": ("p2", "p1", "p3"), "p3": ("p3",)}
# Files of ours that stand for something else than the file of that name in the tree, with the reason.
OURS = {
    "slogon": "the log-on procedure is the monitor's",
    "slogoff": "the log-off procedure is the monitor's",
    "ulogon": "the log-on procedure is the monitor's",
}
FILES = [(library, path.stem) for library in TREES for path in sorted((ROOT / "pdf" / library).glob("*.pdf"))]


def recorded(shared: Path) -> dict[str, list[str]]:
    """Entries of parmlist.txt by ``path[-subcommand]``."""
    entries: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (shared / "golden/parameters/parmlist.txt").read_bytes().decode("latin-1").split("\n"):
        line = line.lstrip("\r")
        if line.startswith("=== "):
            lines = entries.setdefault(line[4:], [])
        else:
            lines.append(line)
    return entries


def model_entries(entries: dict[str, list[str]], library: str, name: str) -> tuple[str, list[str]] | None:
    """The path of the model and its entries (one a subcommand)."""
    for tree in TREES[library]:
        path = f"vos/{tree}/prog/{name}/{name}.pdf"
        found = [entry for entry in entries if entry == path or entry.startswith(path + "-")]
        if found:
            return path, found
    return None


def listed(file: parameterfile.ParameterFile, name: str, subcommand: str) -> list[str]:
    """Parameters and defaults as the no-screen tutor lists them."""
    declared = file.declare(initial_globals("INTERACTIVE", "x", "."), subcommand, name=name)
    lines = list(listing.requested(declared.parameters))
    for variable in declared.parameters:
        lines += listing.parameter_lines(variable, COLUMNS)
    return lines


@pytest.mark.parametrize(("library", "name"), FILES, ids=[f"{library}-{name}" for library, name in FILES])
def test_names_order_and_defaults(library, name, shared):
    if name in OURS:
        pytest.skip(OURS[name])
    entries = recorded_once(shared)
    model = model_entries(entries, library, name)
    if model is None:
        pytest.skip("the public tree has no parameter file of that name")
    file = parameterfile.parse((ROOT / "pdf" / library / f"{name}.pdf").read_bytes().decode("latin-1"))
    for entry in model[1]:
        wanted = [line for line in entries[entry][1:] if line]
        if not wanted or not wanted[0].startswith("Parameters requested"):
            continue  # the original refuses its own file
        assert listed(file, name, entry.partition(".pdf")[2].removeprefix("-")) == wanted, entry


_CACHE: dict[Path, dict[str, list[str]]] = {}


def recorded_once(shared: Path) -> dict[str, list[str]]:
    if shared not in _CACHE:
        _CACHE[shared] = recorded(shared)
    return _CACHE[shared]


@pytest.mark.parametrize(("library", "name"), FILES, ids=[f"{library}-{name}" for library, name in FILES])
def test_types_counts_and_valid_lists(library, name, shared, tree):
    if name in OURS:
        pytest.skip(OURS[name])
    model = model_entries(recorded_once(shared), library, name)
    if model is None:
        pytest.skip("the public tree has no parameter file of that name")
    original = parameterfile.parse((tree / model[0]).read_bytes().decode("latin-1"))
    ours = parameterfile.parse((ROOT / "pdf" / library / f"{name}.pdf").read_bytes().decode("latin-1"))
    for entry in model[1]:
        subcommand = entry.partition(".pdf")[2].removeprefix("-")
        try:
            wanted = original.declare(initial_globals("INTERACTIVE", "x", "."), subcommand, name=name)
        except parameterfile.DeclarationError:
            continue
        declared = ours.declare(initial_globals("INTERACTIVE", "x", "."), subcommand, name=name)
        assert declared.kind == wanted.kind
        assert [facts(v) for v in declared.parameters] == [facts(v) for v in wanted.parameters], entry
        assert [(s.name.upper(), s.default) for s in declared.subcommands] == [
            (s.name.upper(), s.default) for s in wanted.subcommands
        ]


def facts(variable) -> tuple:
    """What a declaration says of a parameter."""
    return (variable.name, variable.type, variable.minimum, variable.maximum, variable.nullable, variable.size, variable.valid,
            variable.keyword, variable.file, variable.access, variable.page)  # fmt: skip
