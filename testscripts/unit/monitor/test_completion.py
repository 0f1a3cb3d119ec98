"""Completion of command lines: tables of what is typed and what may follow."""

import pytest

from monitor.completion import Completion, Known, apply, complete


class Registry:
    known = {
        "GEN": [Known("OUT"), Known("NL", text=False), Known("FORMAT", ("BYTE", "HALF", "FULL"), True), Known("NS", text=False)],
        "COPY": [Known("INP"), Known("OUT"), Known("MODE", ("ONE WAY", "OTHER"))],
        "LABEL": [Known("INP"), Known("ITEMS")],
    }

    def commands(self):
        return [*self.known, "GETPAR", "TUTOR", "HELP", "LET", "DISPLAY"]

    def subcommands(self, command):
        return ["LIST", "ADD", "ALTER"] if command.upper() == "LABEL" else []

    def parameters(self, command, subcommand):
        return self.known.get(command.upper(), [])

    def globals(self):
        return ["$ECHO", "$SFI", "$SKEY"]

    def files(self, prefix):
        return [name for name in ("a.img", "b.img", "data/", "out.img") if name.startswith(prefix)]


@pytest.mark.parametrize(
    "text, start, choices, suffix",
    [
        ("", 0, ("copy", "display", "gen", "getpar", "help", "label", "let", "tutor"), " "),
        ("ge", 0, ("gen", "getpar"), " "),
        ("GE", 0, ("GEN", "GETPAR"), " "),
        ("  cop", 2, ("copy",), " "),
        ("here> cop", 6, ("copy",), " "),
        ("nosuch", 0, (), " "),
        ("label-", 6, ("add", "alter", "list"), " "),
        ("label-A", 6, ("ADD", "ALTER"), " "),
        ("gen ", 4, ("format=", "nl=", "ns=", "out=", "a.img", "b.img", "data/", "out.img"), ""),
        ("gen f", 4, ("format",), "="),
        ("gen a.img n", 10, ("nl", "ns"), "="),
        ("gen a", 4, ("a.img",), " "),
        ("gen out=b", 8, ("b.img",), " "),
        ("gen out=d", 8, ("data/",), ""),
        ("gen form=h", 9, ("half",), " "),
        ("gen nl=", 7, (), " "),
        ("gen a.img 'h", 11, ("half",), " "),
        ("copy inp=(a.img,b", 16, ("b.img",), " "),
        ("copy (a.img,b", 12, ("b.img",), " "),
        ("copy mode=o", 10, ('"one way"', "other"), " "),
        ('copy "a', 6, ("a.img",), ""),
        ("tutor ge", 6, ("gen", "getpar"), " "),
        ("tutor gen f", 10, ("format",), "="),
        ("help lab", 5, ("label",), " "),
        ("let $s", 4, ("$sfi", "$skey"), " "),
        ("display ", 8, ("$echo", "$sfi", "$skey"), " "),
    ],
)
def test_what_may_follow(text, start, choices, suffix):
    assert complete(text, len(text), Registry()) == Completion(start, choices, suffix)


def test_only_what_stands_before_the_cursor_counts():
    assert complete("gen f b.img", 5, Registry()) == Completion(4, ("format",), "=")


@pytest.mark.parametrize(
    "text, line, cursor, shown",
    [
        ("cop", "copy ", 5, ()),
        ("ge", "ge", 2, ("gen", "getpar")),
        ("g", "ge", 2, ()),
        ("gen f", "gen format=", 11, ()),
        ("gen out=d", "gen out=data/", 13, ()),
        ("zz", "zz", 2, ()),
    ],
)
def test_the_key(text, line, cursor, shown):
    assert apply(text, len(text), complete(text, len(text), Registry())) == (line, cursor, shown)


def test_the_parameter_files_of_a_session(tmp_path):
    from monitor.completion import SessionRegistry
    from monitor.session import Session

    session = Session(directory=tmp_path, environment={"HOME": str(tmp_path)})
    session._log_on()
    (tmp_path / "mine.pdf").write_text(
        "procedure\nparm size type=integer\nparm kind type=keyword valid=(big,small) default=big\nbody\nend-proc\n"
    )
    (tmp_path / "data.img").write_text("")
    registry = SessionRegistry(session)
    assert "mine" in complete("min", 3, registry).choices
    assert complete("mine s", 6, registry).choices == ("size",)
    assert complete("mine 's", 7, registry).choices == ("small",)
    assert complete("gen da", 6, registry).choices == ("data.img",)
    assert "label" in complete("lab", 3, registry).choices
    assert complete("label-cr", 8, registry).choices == ("create",)
    assert complete("gen a.img for", 13, registry).choices == ("format",)
    assert complete("enable-l", 8, registry).choices == ("log",)
