"""``v2param``: read a value that a program returned. Source: ``vos/shell_vicar`` (v2param)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from monitor.process import leave
from monitor.shell import returned

USAGE = """\
Usage:
v2param -h              Print help message (or -help)
v2param -file           Report name of param file
v2param -rm             Remove param file (may be combined with other options)
v2param param           Report value of given param, (separate lines if needed)
v2param -i 3 param      Report 4th element of given param (0 based)
v2param -n param        Report number of elements in given param
v2param -test param     Report 1 if param exists or 0 if not
v2param -v param        Report value of given param verbatim from the file
                        TBD: quotes on strings?
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _Options(list(sys.argv[1:] if argv is None else argv))
    if options.help:
        sys.stderr.write(USAGE)
        return 1
    from monitor.installation import user_name

    shown = returned.file_name(os.environ, user_name())
    path = Path(shown)
    try:
        return _report(options, path, shown)
    finally:
        if options.remove:
            path.unlink(missing_ok=True)


def run() -> NoReturn:
    """`main` for the executable."""
    leave(main())


class _Options:
    """Options in any place and case; the last other word is the name."""

    def __init__(self, words: list[str]):
        self.help = self.file = self.remove = self.number = self.test = self.verbatim = False
        self.index: str | None = None
        self.name: str | None = None
        flags = {"-h": "help", "-help": "help", "-file": "file", "-rm": "remove", "-n": "number", "-test": "test",
                 "-v": "verbatim"}  # fmt: skip
        while words:
            word = words.pop(0)
            if word.lower() in flags:
                setattr(self, flags[word.lower()], True)
            elif word.lower() == "-i":
                if not words:
                    self.help = True
                    return
                self.index = words.pop(0)
            else:
                self.name = word


def _report(options: _Options, path: Path, shown: str) -> int:
    if options.file:
        print(shown)
        return 0
    if options.name is None:
        if options.remove:
            return 0
        print("Parameter name required.", file=sys.stderr)
        return 1
    text = returned.lookup(path, options.name)
    if options.test:
        print(0 if text is None else 1)
        return 0
    if text is None:
        print(f"Parameter '{options.name}' not found.", file=sys.stderr)
        return 1
    if options.number:
        print(sum(1 for _ in returned.values(text, options.name, counting=True)) if text.startswith("(") else 1)
        return 0
    if options.verbatim:
        print(text)
        return 0
    return _print_values(options, text)


def _print_values(options: _Options, text: str) -> int:
    if options.index is None:
        for value in returned.values(text, options.name):
            print(value)
        return 0
    from monitor.shell.binding import whole_number

    index = whole_number(options.index)
    if index < 0:
        print(f"Invalid index: {index}", file=sys.stderr)
        return 1
    if not text.startswith("(") and index > 0:
        print(f"Index {index} is past end of parameter {options.name}", file=sys.stderr)
        return 1
    for at, value in enumerate(returned.values(text, options.name)):
        if at == index:
            print(value)
            return 0
    print(f"Index {index} is past end of parameter {options.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    run()
