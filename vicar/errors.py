"""The run-time library's errors: one table, one exception.

Source of the facts: ``vos/rtl/source/errors.dat`` and ``sys_msg.c`` (status, key, text and the form of the message).
"""

ABEND_LINE = " ** ABEND called **"

# status -> (key, text); texts are the original's, double blanks included
TABLE: dict[int, tuple[str, str]] = {
    -32769: ("255", "-32769"),
    -2: ("UNDEFOPT", "Undefined optional argument; program error"),
    -3: ("NOFREUN", "No free units available"),
    -4: ("INSUFMEM", "Insufficient memory; consult system programmer"),
    -5: ("STOROPT", "Unable to store optional; consult system programmer"),
    -6: ("NOSCHUN", "No such unit; probable error in unit number"),
    -7: ("MODOPNUN", "An open unit cannot be modified; call XVCLOSE first"),
    -8: ("NONASC", "String has non-ASCII characters"),
    -9: ("BADSIZ", "Improper image size parameter; program error"),
    -10: ("BADMETH", "Improper METHOD string; program error"),
    -11: ("BADOPSTR", "Improper OP string; program error"),
    -12: ("BADFOR", "Improper FORMAT string; program error"),
    -13: ("ODDOPT", "Unpaired optionals; program error"),
    -14: ("ALROPN", "Attempt to open an open file; program error"),
    -15: ("BADNAM", "Bad file parameter name; program error"),
    -16: ("NOTERM", "Terminal not allowed for file name, use another name"),
    -17: ("SIZREQ", "Image size required; re-enter command"),
    -18: ("BADDIM", "Improper dimension; program error"),
    -19: ("NOARRAY", "Array i/o not allowed to non-disk device"),
    -20: ("SECDEL", "Unable to free array file, consult system programmer"),
    -21: ("WAITFL", "I/O wait fail; consult system programmer"),
    -22: ("BUG", "Internal VICAR bug check failure - Notify system programmer"),
    -23: ("NOEFLG", "Unable to get an event flag; re-try or consult system programmer"),
    -24: ("BADCVT", "Improper CONVERT or BIN_CVT string; program error"),
    -25: ("NOTOPN", "File not open; program error"),
    -26: ("BADPARINST", "Parameter instance not found in XVPONE"),
    -27: ("NOTAVAIL", "Function is not yet implemented;  Program error."),
    -28: ("BADORG", "ORG keyword (file organization) is not valid."),
    -29: ("BADLBL", "Bad input label; check file contents"),
    -30: ("EOF", "End of file"),
    -31: ("OPNINP", "Unable to open primary input; check file specification"),
    -32: ("BADINTFMT", "Invalid INTFMT or BINTFMT string"),
    -33: ("BADOPR", "Operation conflicts with open attributes; program error"),
    -34: ("HSTNTASC", "History name has non-ASCII characters; program error"),
    -35: ("BADHOST", "Invalid HOST string"),
    -36: ("BADREALFMT", "Invalid REALFMT or BREALFMT string"),
    -37: ("NOTASK", "No tasks in label; check file contents or create new label"),
    -38: ("FNDKEY", "Cannot find key; program error"),
    -39: ("BADLBLTP", "Bad label type; check file contents"),
    -40: ("ORGMSMTCH", "File organization is not that required by this program"),
    -41: ("LNGMESS", "Error message too long; program error"),
    -42: ("NOMEM", "No memory for label process; consult system programmer"),
    -43: ("STRTREC", "Bad starting record for read or write operation; program error."),
    -44: ("NOSCHTSK", "No such task in label"),
    -45: ("NOKEY", "No such key in the indicated task"),
    -46: ("NOLBL", "No system label; check file contents"),
    -47: ("BADINST", "Illegal instance; program error"),
    -48: ("ILLFOREQ", "Illegal format request; program error"),
    -49: ("CONVERR", "Conversion error; program error"),
    -50: ("HOSTLONG", "HOST or BHOST name too long; program error"),
    -51: ("BADLINST", "Improper label instance number; program error"),
    -52: ("MODINPLBL", "Attempt to modify input label; program error"),
    -53: ("BADLEN", "Improper length; program error"),
    -54: ("BADSAMP", "Improper sample size parameter; program error"),
    -55: ("BADLINE", "Improper line size parameter; program error"),
    -56: ("NULLREQ", "Null request; program error"),
    -57: ("EOLAB", "End of label"),
    -58: ("TAPOPR", "Tape cannot be opened for update."),
    -59: ("TAPMETH", "Tape cannot be opened for random access."),
    -60: ("BADBAND", "Improper band size parameter; program error"),
    -61: ("TAPPOS", "Tape positioning error; check drive status"),
    -62: ("PARMVERS", "Unrecognized version number in PARMS file"),
    -63: ("TOOLATE", "Attempt to modify tape label after write; program error"),
    -64: ("NOLAB", "File has no label; check file contents"),
    -65: ("DUPKEY", "Duplicate key; program error"),
    -66: ("BADBINSIZ", "Improper binary size parameter; program error"),
    -67: ("LNGCOND", "COND string too long; program error"),
    -68: ("LNGACT", "ACT string too long; program error"),
    -69: ("ERRACT", "Bad error action; program error"),
    -70: ("BADELEM", "Improper element number; program error"),
    -71: ("FORREQ", "The FORMAT optional is required with XLADD"),
    -72: ("VARREC", "COND=VARREC must have NOLABELS, NOBLOCK and tape"),
    -73: ("BADFILE", "Bad file number for tape"),
    -74: ("NOTMULT", "Tape blocksize is not an integral number of records"),
    -75: ("ENDOFVOL", "End of volume (double tape mark) reached"),
    -76: ("NOTAPE", "Tapes are not supported in this build of the RTL"),
    -77: ("NOTPARMFILE", "File specified in PARMS is not a parameter file"),
    -78: ("MULTPARMFILE", "Multiple parameter files cannot be open at once"),
    -79: ("FILETYPE", "Invalid file type"),
    -80: ("BADTRANS", "Invalid format translation"),
    -81: ("NOTAE", "TAE is not supported in this build of the RTL"),
    -82: ("NONSEQWRIT", "A non-sequential write was attempted on a sequential-only device"),
    -83: ("NOTMOUNTED", "A file open was attempted on a tape device that is not mounted"),
    -84: ("XVCMDERR", "Internal error in XVCOMMAND"),
    -85: ("XVCMDFAIL", "The command submitted via XVCOMMAND had an error"),
    -86: ("PARNOTFND", "A program parameter was not found in the PDF"),
    -87: ("BLTYPELONG", "BLTYPE name too long; program error"),
    -88: ("PARBLKERR", "Internal error in GET_PARM"),
    -89: ("BADMODESTR", "Improper MODE string; program error"),
    -90: ("NOSCHPROP", "No such property in label"),
    -91: ("PROPREQ", "The PROPERTY optional is required for property label routines"),
    -92: ("UNDEFENV", "Undefined environment variable in filename"),
    -93: ("UNDEFUSR", "Undefined user name in filename"),
    -94: ("UNCLSBRC", "A closing brace was not found in a filename"),
    -95: ("TRUNCNAME", "A filename was truncated due to insufficient buffer space"),
    -96: ("BADUPDHIST", "Improper UPD_HIST string; program error"),
    -97: ("TOOBIG", "File too big for this version of VICAR"),
    -98: ("INVCMPR", "Undefined compression type"),
    -99: ("UNSFMTCMP", "unsupported format type for compression"),
    -100: ("UNSORGCMP", "unsupported org type for compression"),
    -101: ("UNSOPCMP", "unsupported option for compression"),
    -102: ("UNSDEVCMP", "unsupported device for compression"),
    -103: ("UNSBINCMP", "unsupported binary header or prefix for compression"),
    -104: ("UNSTYPCMP", "unsupported file type for compression"),
}

STATUS = {key: status for status, (key, _) in TABLE.items()}


class VicarError(Exception):
    """A failure the run-time library reports.

    Parameters
    ----------
    key : str
        Key of the table (``"OPNINP"``), or ``""`` for an operating-system error.
    routine : str
        Name printed as the place of the exception (``"XVOPEN"``, ``"XVREAD"``, ``"XLGET"``).
    file : str, optional
        File name as the message shows it; none when no unit is involved.
    line : int, optional
        Record number for the ``Current line in image`` line of reads and writes.
    errno_text : str
        Text of the operating-system error; gives the HOSTMSG form.
    detail : str
        One more sentence for people who use the library from Python; never printed in a log.
    """

    def __init__(self, key, routine="", file=None, line=None, errno_text="", errno=0, detail=""):
        self.key = key
        self.routine = routine
        self.file = file
        self.line = line
        self.errno_text = errno_text
        self.errno = errno
        self.detail = detail
        super().__init__(key, routine, file)

    def __str__(self) -> str:
        """One sentence: file, what is wrong, where it was found."""
        where = f"{self.file}: " if self.file else ""
        more = f" ({self.detail})" if self.detail else ""
        record = f", record {self.line}" if self.line is not None else ""
        return f"{where}{self.text.strip()}{more} [{', '.join(filter(None, (self.key, self.routine)))}{record}]"

    @property
    def status(self) -> int:
        """Negative table status, or the positive errno of the operating system."""
        return STATUS.get(self.key, self.errno or 2)

    @property
    def text(self) -> str:
        return TABLE[STATUS[self.key]][1] if self.key in STATUS else self.errno_text

    def lines(self) -> list[str]:
        """The message lines of action 'S', as the log shows them."""
        where = f", processing file: {self.file}" if self.file is not None else ""
        lines = [f"[VIC2-GENERR] Exception in {self.routine}{where}"]
        if self.key in STATUS:
            lines.append(f"[VIC2-{self.key}] {self.text}")
        else:
            lines.append(f"[VIC2-HOSTMSG]  {self.errno_text}")
        if self.line is not None:
            lines.append(f" Current line in image = {self.line}")
        return lines

    @classmethod
    def host(cls, error: OSError, routine: str, file: str) -> "VicarError":
        """The HOSTMSG form of an operating-system error."""
        return cls("", routine, file, errno_text=error.strerror or str(error), errno=error.errno or 0)


class Abend(Exception):
    """The program ended itself as failed (ABEND)."""


class Quit(Exception):
    """The program ended itself early with a status of its own (``zexit``/STOP)."""

    def __init__(self, sfi=1, skey=""):
        super().__init__(sfi, skey)
        self.sfi = sfi
        self.skey = skey
