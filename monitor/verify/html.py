"""Results as one HTML page: a table of verdicts, and for each difference the two logs side by side."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from monitor.verify.compare import Hunk, first_difference, printable
from monitor.verify.report import unlocking
from monitor.verify.verdict import Outcome, Verdict, tally

CONTEXT = 3
MOST_ROWS = 400

_COLOURS = {
    Verdict.EXACT: "#1a7f37",
    Verdict.MASKED: "#1a7f37",
    Verdict.ACCEPTED: "#5a7d1a",
    Verdict.KNOWN_BAD: "#9a6700",
    Verdict.DIFFERENT: "#cf222e",
    Verdict.CRASHED: "#8250df",
    Verdict.CANNOT_RUN: "#57606a",
    Verdict.NO_DATA: "#8c959f",
}
_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:110em;padding:0 1em;color:#1f2328;background:#fff}
table.list{border-collapse:collapse;width:100%}
table.list td,table.list th{padding:.25em .6em;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top}
.verdict{font-weight:600;white-space:nowrap} .extent{white-space:nowrap}
table.sides{border-collapse:collapse;font:12px/1.35 ui-monospace,monospace;margin:.5em 0 2em;width:100%;table-layout:fixed}
table.sides td{white-space:pre;overflow-x:auto;padding:0 .5em;border-left:1px solid #d8dee4}
td.n{width:4em;color:#8c959f;text-align:right}
tr.d td.t{background:#fff1e5} tr.d mark{background:#ffb77c} tr.skip td{color:#8c959f;text-align:center;background:#f6f8fa}
pre.caret{font:12px/1.35 ui-monospace,monospace;background:#f6f8fa;padding:.6em;overflow-x:auto}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}pre.caret,tr.skip td{background:#161b22}
tr.d td.t{background:#3d2a14}tr.d mark{background:#9a5b13;color:inherit}table.list td,table.list th,
table.sides td{border-color:#30363d}}
"""


def page(outcomes: Iterable[Outcome], title: str) -> str:
    """The whole page; needs nothing from elsewhere."""
    outcomes = list(outcomes)
    rows = "".join(_row(number, outcome) for number, outcome in sorted(enumerate(outcomes), key=_failures_first))
    details = "".join(_detail(number, outcome) for number, outcome in enumerate(outcomes) if outcome.caret)
    extra = "".join(f"<li>{escape(line)}</li>" for line in unlocking(outcomes))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1><p>{escape(tally(outcomes))}</p>{f'<ul>{extra}</ul>' if extra else ''}"
        '<table class="list"><tr><th>procedure</th><th>verdict</th><th>lines agreeing</th><th>why</th>'
        "<th>line of the procedure, program</th></tr>"
        f"{rows}</table>{details}</body></html>\n"
    )


def _failures_first(row: tuple[int, Outcome]) -> bool:
    return row[1].verdict.reproduced


def _row(number: int, outcome: Outcome) -> str:
    name = escape(outcome.name)
    if outcome.caret:
        name = f'<a href="#r{number}">{name}</a>'
    extent = f"{outcome.matched} of {outcome.total}" if outcome.total else ""
    colour = _COLOURS[outcome.verdict]
    return (
        f'<tr><td>{name}</td><td class="verdict" style="color:{colour}">{outcome.verdict.value}</td>'
        f'<td class="extent">{extent}</td><td>{escape(outcome.reason)}</td><td>{escape(outcome.cause)}</td></tr>'
    )


def _detail(number: int, outcome: Outcome) -> str:
    caret = escape("\n".join(outcome.caret))
    cause = f"<p>Caused by {escape(outcome.cause)}</p>" if outcome.cause else ""
    sides = _sides(outcome.sides) if outcome.sides else ""
    return (
        f'<h2 id="r{number}">{escape(outcome.name)}</h2><p>{escape(outcome.summary())}</p>{cause}'
        f'<pre class="caret">{caret}</pre>{sides}'
    )


def _sides(parts: list[Hunk]) -> str:
    rows: list[str] = ['<tr><th class="n"></th><th>model</th><th class="n"></th><th>ours</th></tr>']
    for part in parts:
        rows += _equal_rows(part) if part.equal else _different_rows(part)
        if len(rows) > MOST_ROWS:
            rows.append('<tr class="skip"><td colspan="4">more differences follow</td></tr>')
            break
    return (
        f'<table class="sides"><colgroup><col style="width:4em"><col><col style="width:4em"><col></colgroup>'
        f"{''.join(rows)}</table>"
    )


def _equal_rows(part: Hunk) -> list[str]:
    count = len(part.model)
    if count <= 2 * CONTEXT + 1:
        shown: list[int | None] = list(range(count))
    else:
        shown = [*range(CONTEXT), None, *range(count - CONTEXT, count)]
    rows = []
    for index in shown:
        if index is None:
            rows.append(f'<tr class="skip"><td colspan="4">{count - 2 * CONTEXT} equal lines</td></tr>')
            continue
        text = escape(printable(part.model[index]))
        rows.append(
            f'<tr><td class="n">{part.model_start + index + 1}</td><td>{text}</td>'
            f'<td class="n">{part.our_start + index + 1}</td><td>{text}</td></tr>'
        )
    return rows


def _different_rows(part: Hunk) -> list[str]:
    rows = []
    for index in range(min(max(len(part.model), len(part.ours)), MOST_ROWS)):
        one = part.model[index] if index < len(part.model) else None
        other = part.ours[index] if index < len(part.ours) else None
        column = first_difference(one, other) if one is not None and other is not None else 0
        rows.append(
            f'<tr class="d">{_cell(one, part.model_start + index, column)}'
            f"{_cell(other, part.our_start + index, column)}</tr>"
        )
    return rows


def _cell(line: str | None, index: int, column: int) -> str:
    if line is None:
        return '<td class="n"></td><td></td>'
    head, tail = escape(printable(line[:column])), escape(printable(line[column:]))
    return f'<td class="n">{index + 1}</td><td class="t">{head}<mark>{tail}</mark></td>'
