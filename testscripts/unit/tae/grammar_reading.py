"""The grammars of tae/grammar read with lark, brought to the trees of tae.syntax (for comparison with the quick readers)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from lark import Lark, Token, Transformer, Tree
from lark.exceptions import LarkError

import tae
from tae.scanner import strip_quotes
from tae.syntax import Field

WHITE = r"[\x01-\x20\x7f]"
COMMA = f"{WHITE}*,{WHITE}*"
FOLDER = Path(tae.__file__).parent / "grammar"


class Rejected(Exception):
    """The text is not in the language of the grammar."""


@cache
def grammar(name: str) -> Lark:
    text = (FOLDER / f"{name}.lark").read_text()
    return Lark(text, parser="lalr", lexer="contextual", maybe_placeholders=False)


def tree_of(name: str, text: str) -> Tree:
    try:
        return grammar(name).parse(text)
    except LarkError as error:
        raise Rejected(str(error)) from None


# ---- expressions: reductions in the order in which they are made -----------------------------------------------------

BINARY = {"or_": "OR", "and_": "AND", "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "concatenate": "//"}


def reductions(text: str) -> list[tuple]:
    """Instructions of an expression; numbers as they are written."""
    code: list[tuple] = []
    _walk(tree_of("expression", text), code)
    return code


def _walk(node, code: list[tuple]) -> None:
    kind = node.data
    if kind in BINARY:
        _walk(node.children[0], code)
        _walk(node.children[1], code)
        code.append((BINARY[kind],))
    elif kind == "relation":
        _walk(node.children[0], code)
        _walk(node.children[2], code)
        code.append((str(node.children[1]),))
    elif kind in ("negate", "not_"):
        _walk(node.children[0], code)
        code.append(("negate" if kind == "negate" else "NOT",))
    elif kind == "number":
        code.append(("number",))
    elif kind == "string":
        code.append(("string", str(node.children[0])[1:-1].replace('""', '"')))
    elif kind == "null":
        code.append(("null",))
    elif kind == "variable":
        code.append(("variable", str(node.children[0])))
    elif kind == "element":
        code += [("name", str(node.children[0])), ("open",)]
        _walk(node.children[1], code)
        code.append(("index",))
    elif kind == "group":
        _walk(node.children[0], code)
        for child in node.children[1:]:
            _walk(child, code)
            code.append(("list",))
        code.append(("group",))
    elif kind == "plus":
        _walk(node.children[0], code)
    else:
        assert kind == "start", kind
        _walk(node.children[0], code)


# ---- statements -------------------------------------------------------------------------------------------------------


def _joined(text: str) -> str:
    """A field's pieces put together, each quoted one without its quotes."""
    result, at = "", 0
    while at < len(text):
        if text[at] != '"':
            result += text[at]
            at += 1
            continue
        end = at + 1
        while True:
            end = text.index('"', end)
            if text[end + 1 : end + 2] != '"':
                break
            end += 2
        result += text[at + 1 : end].replace('""', '"')
        at = end + 1
    return result


class _Fields(Transformer):
    """Fields of a statement."""

    def component(self, parts):
        value = [_joined(p) if p.type == "LIST_FIELD" else str(p) for p in parts if p.type in ("LIST_FIELD", "MARK")]
        return (value[0] if value else ""), any(p.type == "LIST_COMMA" for p in parts)

    def list(self, parts):
        values = [value for value, _ in parts]
        if not parts or parts[-1][1]:
            values.append("")
        return tuple(values)

    def _value(self, parts):
        values: tuple = ()
        reference, qualifiers = False, None
        for part in parts:
            if isinstance(part, tuple):
                values = part
            elif part.type == "FIELD":
                values = (_joined(part),)
            elif part.type == "ANGLE":
                values = (str(part),)
            elif part.type == "REFERENCE":
                values, reference = (_joined(part[1:]),), True
            elif part.type == "BARS":
                qualifiers = _bars(part)
        return {"values": values, "reference": reference, "qualifiers": qualifiers}

    def positional(self, parts):
        return Field(**self._value(parts))

    def empty(self, _parts):
        return Field()

    def named(self, parts):
        return Field(name=_name(parts[0]), **self._value(parts[1:]))

    def nothing(self, parts):
        return Field(name=_name(parts[0]))

    at_end = nothing

    def keyword(self, parts):
        return Field(keyword=True, **self._value(parts))

    def command_qualifiers(self, parts):
        return ("qualifiers", _bars(parts[0]))


def _bars(token: Token) -> str:
    """The text between bars as tokens put it together: one blank for white space, a bare comma for a separator."""
    pieces = re.findall(r'"(?:[^"]|"")*"|[^"]+', str(token)[1:-1])
    return "".join(
        '"' + p[1:-1].replace('""', '"') + '"' if p[0] == '"' else re.sub(f"{WHITE}+", " ", re.sub(COMMA, ",", p))
        for p in pieces
    )


def _name(token: Token) -> str:
    return token.rstrip("=").strip("".join(map(chr, range(1, 33))) + "\x7f")


def statement(text: str) -> dict:
    """Head and fields of a statement."""
    tree = _Fields().transform(tree_of("statement", text))
    head = {"label": "", "name": "", "subcommand": "", "qualifiers": None, "fields": []}
    for part in tree.children:
        if isinstance(part, Field):
            head["fields"].append(part)
        elif isinstance(part, tuple):
            head["qualifiers"] = part[1]
        elif part.type == "LABEL":
            head["label"] = strip_quotes(part[:-1].rstrip()[:50])
        elif part.type == "COMMAND":
            head["name"] = strip_quotes(_undoubled(part))
        elif part.type == "SUBCOMMAND":
            head["subcommand"] = strip_quotes(part[1:].lstrip()[:15])
    return head


def _undoubled(text: str) -> str:
    return text.replace('""', '"') if text.startswith('"') and len(text) > 2 else text
