"""Messages of the command language: the exception that carries one, and what it does to the procedure.

The texts are in `tae.message_texts`.
"""

from __future__ import annotations

from tae.message_texts import TEXTS

# A command that fails either lets the procedure go on to its _ONFAIL ("check") or ends the procedure at once ("return").
CHECK = "check"
RETURN = "return"

STRING_SIZE = 250  # longest message after formatting


class TaeError(Exception):
    """A failure the command language reports as ``[TAE-KEY] text``.

    Parameters
    ----------
    name : str
        Name in ``TEXTS`` (``"BADPAR"``, ``"AMBIGVAL.let"``).
    *arguments
        Values for the text's ``%s`` and ``%d``.
    ends : str
        ``CHECK`` or ``RETURN``; by default what the table says. Where a command is executed can override it.
    """

    resume: int | None = None  # for an overlong statement: index of the physical line to go on from

    def __init__(self, name: str, *arguments: object, ends: str = "") -> None:
        self.name = name
        self.key = message_key(name)
        self.text = message_text(name, *arguments)
        self.ends = ends or (RETURN if name in ENDS_PROCEDURE else CHECK)
        self.follow: tuple[TaeError, ...] = ()  # messages the original prints after this one
        super().__init__(f"[{self.key}] {self.text}")


def message_key(name: str) -> str:
    """The key a message is printed with: ``TAE-`` and the name up to its suffix."""
    if name.startswith("TAE_"):
        return name
    return "TAE-" + name.partition(".")[0]


def message_text(name: str, *arguments: object) -> str:
    """The text with its arguments; without arguments the text as it stands in the table."""
    text = TEXTS[name]
    return text % arguments if arguments else text


# fmt: off
ENDS_PROCEDURE = frozenset((
    "ACCERR", "ACCNOTALL", "BADCMD", "BADCMD.abort", "BADCMD.exit", "BADCMD.logoff", "BADCMD.run", "BADCMD.ush",
    "BADDECL", "BADESC", "BADONFAIL", "BADREF", "CNTERR", "DFTERR", "DUBINTNAME", "FMTERR", "FORVARBAD", "INVNAME",
    "INVSUBNAME", "ITRPQUAL", "KEYCONFLICT", "LONGCMDLINE.read", "LONGCMDLINE.substituted", "LONGVSTR",
    "MAXNEST.procs", "MAXNEST.if", "MAXNEST.nested", "MAXPNEST", "MISINTRO", "MISINTRO.help", "NAMERR", "NONAME",
    "NOPARENS", "NOQUAL", "NOQUAL.defgbl", "NOSUB", "NOTASYNCMD", "NOTBATCHCMD", "NOTINBODY", "NOTINPDF",
    "NOTINPRE", "NOVALID", "NOVALUE", "ONFAIL", "ONFAIL.format", "PRCDONLY", "PREEOF", "PROCONLY", "QUALERR",
    "REFEX", "REFS", "RESERVED", "STRSIZ", "SUBNST", "SUBTWC", "TOOMNYFOR", "TYPERR", "TYPERRN", "UNBALCON",
    "UNBALPAR", "UNDEFGBL", "UNDEFGBL.compile", "UNDEFGBL.delete", "UNDEFSUB", "UNDEFSUB.prompt",
    "UNDEFSUB.prompt2", "UNDLABEL", "UNRECCMD", "VALIDERR", "VALIDREQ", "VARCNFLCT", "XTRAELSE", "XTRAENDFOR",
    "XTRAENDLP", "XTRELSIF", "XTRENDIF",
))
# fmt: on
