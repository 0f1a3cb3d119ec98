"""ISISLAB: label and history objects of an ISIS cube or PDS file. Source: ``vos/p2/prog/isislab`` (C).

The first character of each object is not shown, and nothing behind the last end of line before a blank record.
"""

from __future__ import annotations

from vicar.errors import VicarError

RECORD = 512
LINE = 132
END = "\r\n"


def main(task):
    task.if_message("ISISLAB version 2019-09-05")
    with task.open("INP", labels=False, u_nl=1000, u_ns=RECORD) as image:
        if not task.path(image.name).stat().st_size:
            raise VicarError("EOF", "XVREAD", image.name, 1)
        label = Records(image)
        if not label.find_keyword("LABEL_RECORDS"):
            task.abend(" *** cannot find LABEL_RECORDS item ***")
        records = label.integer()
        if records is None:
            task.abend(" *** cannot find LABEL_RECORDS value ***")
        option = task.string("OPTION")
        history = 0
        if option != "LABEL":
            option, history = find_history(task, label, option)
        if option == "HISTORY":
            for _ in range(records):
                label.next_record()
        heading(task, "********* HISTORY OBJECT **********" if option == "HISTORY" else "********** LABEL OBJECT **********")
        show(task, label, history if option == "HISTORY" else records)
        heading(task, f"********** END OF {'HISTORY' if option == 'HISTORY' else 'LABEL'} OBJECT **********")
        if option == "BOTH":
            for _ in range(records - label.number):
                label.next_record()
            heading(task, "********** HISTORY OBJECT **********")
            show(task, label, history)
            heading(task, "********** END OF HISTORY OBJECT **********")


def find_history(task, label: Records, option: str) -> tuple[str, int]:
    """The option that is left, and the records of the history object: it ends where the next object begins."""
    if not label.find_keyword("^HISTORY"):
        if option == "HISTORY":
            task.abend(" no History item present")
        task.message(" no History item present")
        label.next_record(1)
        return "LABEL", 0
    start = label.integer()
    if start is None:
        task.abend(" *** cannot find HISTORY address ***")
    end = 0
    if label.find_text("^"):
        end = label.integer()
        if end is None:
            task.abend(" *** error getting object address ***")
    return option, end - start


def heading(task, text: str) -> None:
    task.messages(" ", text, " ")


def show(task, label: Records, count: int) -> None:
    """Print lines until ``count`` records are used up or a blank one comes."""
    label.number, label.at = 0, 1
    line = ""
    while label.number < count:
        piece = label.text[label.at :]
        while piece:
            if len(line) >= LINE:
                task.message(printed(line[:LINE]))
                line = ""
            elif line.endswith(END):
                task.message(printed(line[:-2]))
                line = ""
            longer = line + piece[: LINE - len(line)]
            end = longer.find(END, max(len(line) - 1, 0))
            longer = longer[: end + 2] if end >= 0 else longer
            line, piece = longer, piece[len(longer) - len(line) :]
        label.at = RECORD - 1
        if not label.advance():
            return


def printed(line: str) -> str:
    """What the original prints of a line: it ends at the first null byte."""
    return line.partition("\0")[0]


class Records:
    """The file as a stream of characters, record by record."""

    def __init__(self, image):
        self.image = image
        self.number = 0  # records read by advancing
        self.at = 0
        self.next_record()

    def next_record(self, line: int | None = None) -> None:
        self.text = self.image.read(line=line, nsamps=RECORD).tobytes().decode("latin-1")

    @property
    def character(self) -> str:
        return self.text[self.at]

    def advance(self) -> bool:
        """One character on; False when a blank record was read."""
        self.at += 1
        if self.at < RECORD:
            return True
        self.next_record()
        self.at = 0
        self.number += 1
        return self.text.strip(" \0") != ""

    def find_text(self, wanted: str) -> bool:
        """Go behind the next occurrence of the first character of ``wanted``."""
        while (found := self.text.find(wanted[0], self.at)) < 0:
            self.at = RECORD - 1
            if not self.advance():
                return False
        self.at = found
        return self.advance()

    def find_keyword(self, key: str) -> bool:
        """Go behind a keyword that a blank, a tab or an equals sign follows."""
        while True:
            if not self.find_text(key):
                return False
            count = 1
            while count < len(key) and self.character == key[count]:
                if not self.advance():
                    return False
                count += 1
            if count == len(key) and self.character in " =\t":
                return True

    def integer(self) -> int | None:
        """The next number; None if a blank record comes first."""
        digits = ""
        while not self.character.isascii() or not self.character.isdigit():
            if not self.advance():
                return None
        while self.character.isascii() and self.character.isdigit():
            digits += self.character
            if not self.advance():
                return None
        return int(digits)
