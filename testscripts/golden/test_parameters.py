"""Every parameter file of the public tree, as the original monitor's no-screen TUTOR lists it (parmlist.txt)."""

from pathlib import Path

import pytest

from tae import helptext, listing, parameterfile
from tae.global_variables import initial_globals
from tae.lines import ampersand_lookup, substitute
from tae.messages import TaeError

COLUMNS = 250  # the recording did not go to a terminal
NOT_LISTED = "(SELFTUTOR: not listed)"  # the recorder's own remark
ENTRIES = 1839


def recorded(shared: Path) -> list[tuple[str, list[str]]]:
    """The entries: path with subcommand, and the lines printed."""
    entries: list[tuple[str, list[str]]] = []
    with (shared / "golden/parameters/parmlist.txt").open(encoding="latin-1", newline="\n") as file:
        for line in file:
            line = line.rstrip("\n").lstrip("\r")
            if line.startswith("=== "):
                entries.append((line[4:], []))
            else:
                entries[-1][1].append(line)
    return entries


def split(entry: str) -> tuple[str, str]:
    """Path and subcommand of an entry's heading."""
    path, _, subcommand = entry.partition(".pdf")
    return path + ".pdf", subcommand.removeprefix("-")


def read(tree: Path, path: str) -> str:
    # four files were recorded in another checkout of the run-time library
    path = path.replace("vicar-rtl/rtl/misc/", "vos/rtl/")
    return (tree / path).read_bytes().decode("latin-1")


def refusal(name: str, error: parameterfile.DeclarationError) -> list[str]:
    follow = [f"[{item.key}] {item.text}" for item in error.follow]
    # the recorder typed LIST next, which without a tutor is an unknown procedure
    return [
        f"[{error.key}] {error.text};",
        f" proc '{name}', line {error.line}",
        *follow,
        "[TAE-NOPROC] Unable to locate proc 'list'.",
    ]


def listed(entry: str, text: str) -> list[str]:
    """What the tutor prints for a file and subcommand."""
    path, subcommand = split(entry)
    name, library = Path(path).stem, str(Path(path).parent) + "/"
    globals_ = initial_globals("INTERACTIVE", "x", ".")
    file = parameterfile.parse(text)
    try:
        declared = file.declare(globals_, subcommand, name=name)
    except parameterfile.DeclarationError as error:
        return [NOT_LISTED] if "SELFTUTOR" in error.declared.options else refusal(name, error)
    if "SELFTUTOR" in declared.options:
        return [NOT_LISTED]
    if declared.help == "*":
        lookup = ampersand_lookup(declared.search)

        def substituted(line: str) -> str:
            try:
                return substitute(line, lookup)
            except TaeError:
                return line

        characteristics = globals_.exact("$SYSCHAR").values
        try:
            helptext.prepare(helptext.HelpReader(file.lines, declared.end, characteristics, substituted))
        except TaeError as error:
            return [f"[{error.key}] {error.text}", "Do you wish to continue (Y/N)?list"]
    lines = [f'proc "{name}" library "{library}"', *listing.requested(declared.parameters)]
    for variable in declared.parameters:
        lines += listing.parameter_lines(variable, COLUMNS)
    return lines


def without_slogoff(lines: list[str]) -> list[str]:
    """The recorder cut every line that names slogoff (it ends each session), so the heading of slogoff.pdf is missing."""
    return [line for line in lines if "slogoff" not in line]


def test_every_parameter_file(shared, tree):
    entries = recorded(shared)
    assert len(entries) == ENTRIES
    texts = {split(entry)[0]: "" for entry, _ in entries}
    for path in texts:
        texts[path] = read(tree, path)
    different = []
    for entry, wanted in entries:
        if without_slogoff(listed(entry, texts[split(entry)[0]])) != wanted:
            different.append(entry)
    assert different == []


def test_help_starts_after_the_last_statement(shared, tree):
    """The end of the statements is found in every file that has one, internal procedures included."""
    file = parameterfile.parse(read(tree, "vos/p2/prog/phodem/phodem.pdf"))
    start = file.end_of_statements
    assert "end-proc" in file.lines[start - 1].lower()
    assert any(line.lower().startswith(".help") for line in file.help_lines)


@pytest.mark.parametrize("text", ["", "\n\n", "!\n", "process\n", "procedure\nparm\n"])
def test_unfinished_files(text):
    globals_ = initial_globals("INTERACTIVE", "x", ".")
    with pytest.raises(parameterfile.DeclarationError) as caught:
        parameterfile.parse(text).declare(globals_, "")
    assert caught.value.key in ("TAE-PREEOF", "TAE-MISPAR")
