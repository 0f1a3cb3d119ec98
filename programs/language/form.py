"""FORM: format and size of an image, as values for a procedure. Source: ``vos/p2/prog/form`` (Fortran)."""

FORTRAN = True


def main(task):
    task.if_message("FORM version 2-JAN-1995")
    with task.open("INP") as image:
        task.output("FORMAT", image.format)
        for name in ("nl", "ns", "nb"):
            task.output(name, getattr(image, name))
