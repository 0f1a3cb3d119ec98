"""Labelled images of every format and organization from plain numbers. Standard library only."""

from __future__ import annotations

from array import array

CODES = {"BYTE": "B", "HALF": "h", "FULL": "i", "REAL": "f", "DOUB": "d"}


def image(name, format_, nl, ns, values, nb=1, org="BSQ"):
    """``values`` in the order they have in the file."""
    data = array(CODES[format_], values)
    n1, n2, n3 = {"BSQ": (ns, nl, nb), "BIL": (ns, nb, nl), "BIP": (nb, ns, nl)}[org]
    recsize = n1 * data.itemsize
    text = (
        f"FORMAT='{format_}'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE={recsize}  ORG='{org}'  NL={nl}  NS={ns}  "
        f"NB={nb}  N1={n1}  N2={n2}  N3={n3}  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  "
        "TASK='MADE'  USER='TEST'  DAT_TIM='Mon Mar  5 12:00:00 1979'  "
    )
    size = -(-(len(text) + 24) // recsize) * recsize
    with open(name, "wb") as file:
        file.write((f"LBLSIZE={size}".ljust(24) + text).encode().ljust(size, b"\0") + data.tobytes())
