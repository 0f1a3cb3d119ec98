"""The table of messages."""

import re

from tae.messages import CHECK, ENDS_PROCEDURE, RETURN, TEXTS, TaeError, message_key


def reference_rows(shared):
    """Key and text of every message of the reference table."""
    section = (shared / "reference/tae.md").read_text().split("## 16. Message table")[1]
    for line in section.splitlines():
        if line.startswith("| TAE"):
            cells = line.replace("\\|", "\0").split("|")
            yield cells[1].strip(), cells[2][1:-1].replace("\0", "|"), cells[3].strip()


def test_every_message_of_the_original(shared):
    ours = {(message_key(name), text) for name, text in TEXTS.items()}
    missing = [
        (key, text) for key, text, _ in reference_rows(shared) if not text.startswith("(built") and (key, text) not in ours
    ]
    assert missing == []
    assert {key for key, _, _ in reference_rows(shared)} <= {key for key, _ in ours}


def test_what_ends_a_procedure(shared):
    wrong = [
        key
        for key, text, ends in reference_rows(shared)
        if ends in ("R", "C")
        for name in TEXTS
        if (message_key(name), TEXTS[name]) == (key, text) and (name in ENDS_PROCEDURE) != (ends == "R")
    ]
    assert wrong == []


def test_an_error_is_its_message():
    error = TaeError("BADPAR", "mss")
    assert str(error) == "[TAE-BADPAR] 'mss' is an undefined parameter or unknown qualifier."
    assert error.ends == CHECK
    assert TaeError("NOPARENS").ends == RETURN
    assert TaeError("UNDEFVAR", "x", ends=RETURN).ends == RETURN
    assert TaeError("AMBIGVAL.let", "v").key == "TAE-AMBIGVAL"


def test_texts_take_their_arguments():
    for name, text in TEXTS.items():
        places = re.findall(r"%-?\d*[sd]", text)
        assert "%" not in re.sub(r"%-?\d*[sd]", "", text), name
        TaeError(name, *(1 if place.endswith("d") else "x" for place in places))
