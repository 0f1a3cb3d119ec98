"""TCL2FILE: strings to the lines of a text file. Source: ``vos/p2/prog/tcl2file`` (C)."""


def main(task):
    task.if_message("TCL2FILE version 2021-06-10")
    path = task.directory / task.string("OUT")[:98]
    path.write_bytes("".join(text[:199] + "\n" for text in task.strings("TCLTEXT")[:100]).encode("latin-1"))
