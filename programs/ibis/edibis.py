"""EDIBIS: an editor of tables, for a terminal or with commands of a parameter. Source: ``vos/p2/prog/edibis`` (Fortran).

Cells are edited in a buffer of up to 256 rows a column, and a column that was changed is written back as a whole: bits that
are no number in the table's format, and text behind 64 characters, do not survive that. A table is edited in a copy
(SCRATCH), whose bytes are copied as they are; subtypes are lost, as in the original. IBIS-1 tables are read as graphics of
GR1DIM columns.

accepted: the screen is our own, with the keys of the original's help. A position or argument that is missing where the
original stops with an error of the Fortran library is reported as an unknown command. The last rows cannot be
deleted; the original dies.
"""

from __future__ import annotations

from programs.ibis._celleditor import Editor
from programs.ibis._cellvalues import CommandError
from programs.ibis._tablecopy import copy_table
from vicar.ibis.formats import normal

FORTRAN = True
MOST_COLUMNS = 1024


def main(task):
    task.message("EDIBIS version 2019-06-13")
    read_only = task.keyword("READONLY")
    table, target, formats = set_up(task, read_only)
    batch = task.strings("COMMANDS")
    if batch and not batch[0][:1].strip(" "):
        batch = []
    if batch and read_only:
        task.abend("Cant batch-edit in READONLY mode!")
    editor = Editor(table, task.string("FORMAT", ""), read_only, bool(batch), task.integer("SCRNSIZE"), formats)
    if batch:
        run_commands(task, editor, batch)
        saved = True
    else:
        from programs.ibis._cellscreen import edit

        saved = edit(task, editor)
    finish(task, editor, target, saved)


def set_up(task, read_only: bool):
    """The table to edit, the file it is a copy of, if it is one, and what the formats are taken for if new."""
    source = None
    if not task.defaulted("INP"):
        source = task.open_table(nc=task.integer("GR1DIM"))
    if not task.defaulted("OUT"):
        if source is None:
            return create(task)
        columns = task.integers("COLS") if not task.defaulted("COLS") else None
        width = task.integer("NCOL") if not task.defaulted("NCOL") else len(columns or range(source.nc))
        columns = (columns or list(range(1, width + 1)))[:width]
        columns += [0] * (width - len(columns))
        rows = max(task.integer("LCOL"), source.nr)
        copy_table(task, source, columns=columns, rows=rows)
        source.close()
        return task.open_table("OUT", mode="UPDATE", nc=width), None, None
    if source is None:
        task.abend(" Must specify input or output file")
    if read_only:
        return source, None, None
    scratch = task.string("SCRATCH")
    copy_table(task, source, file=scratch)
    width = source.nc
    source.close()
    return task.open_table(file=scratch, mode="UPDATE", nc=width), task.file_name("INP", 1), None


def create(task):
    """A new table of zeros."""
    width = task.integer("NCOL")
    if task.integer("LCOL") < 1:
        task.abend(" LCOL must be positive")
    given = [text.upper() for text in task.strings("CFORMAT") if text.strip()]
    default = normal(task.string("DEFFMT", "").strip() or "REAL")
    table = task.create_table(
        nr=task.integer("LCOL"), nc=width, org="ROW" if task.keyword("ROW") else "COLUMN",
        formats=given + [default] * (width - len(given)) if given else None, default_format=default,
        version=1 if task.keyword("IBIS-1") else 2,
    )  # fmt: skip
    return table, None, (given + [""] * width)[:width]


def run_commands(task, editor: Editor, commands: list[str]) -> None:
    for line in commands:
        try:
            if editor.run(line):
                break
        except CommandError as error:
            task.messages(*error.lines)
            if error.fatal:
                task.abend()
    editor.write_out()


def finish(task, editor: Editor, target: str | None, saved: bool) -> None:
    """Close the table; a copy goes back where it came from."""
    table = editor.table
    table.close()
    if target is None:
        return
    if saved:
        with task.open_table(file=task.string("SCRATCH"), mode="UPDATE", nc=table.nc) as table:
            copy_table(task, table, file=target)
    task.path(task.string("SCRATCH")).unlink(missing_ok=True)
