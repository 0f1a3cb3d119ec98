"""Writes parameter files as GEOMA kept them until 1995: lines of 900 words."""

import random
import struct

HOST = "HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  BHOST='X86-64-LINX'  BINTFMT='LOW'  BREALFMT='RIEEE'  BLTYPE=''"
FORMS = {"FULL": 4, "REAL": 4, "HALF": 2}


def name(text):
    return list(struct.unpack("<2i", text.ljust(8).encode()))


def reals(values):
    return list(struct.unpack(f"<{len(values)}i", struct.pack(f"<{len(values)}f", *values)))


def grid(nah, nav):
    random.seed(nah)
    points = []
    for row in range(nav + 1):
        for column in range(nah + 1):
            points += [row * 40 + 1, column * 40 + 1, row * 37 + random.uniform(-3, 3), column * 37 + random.uniform(-3, 3)]
    return reals(points)


def write(file, words, ns=900, form="FULL", count=None):
    words = [len(words) if count is None else count, *words]
    lines = -(-len(words) * 4 // (ns * FORMS[form]))
    record = ns * FORMS[form]
    text = (
        f"FORMAT='{form}'  TYPE='IMAGE'  BUFSIZ={record}  DIM=3  EOL=0  RECSIZE={record}  ORG='BSQ'  NL={lines}  NS={ns}  NB=1  "
        f"N1={ns}  N2={lines}  N3=1  N4=0  NBB=0  NLB=0  {HOST}  TASK='GEOMPARM'  USER='test'  DAT_TIM='Tue Sep 13 16:49:05 1983'  "
    )
    size = -(-2000 // record) * record
    data = struct.pack(f"<{len(words)}i", *words)
    with open(file, "wb") as out:
        out.write(f"LBLSIZE={size:<16d}{text}".encode().ljust(size, b"\0") + data.ljust(lines * record, b"\0"))


small = name("NAH") + [3] + name("NAV") + [2] + name("TIEP") + grid(3, 2)
write("small.gpr", small)
write("half.gpr", name("NAH") + [3] + name("NAV") + [2] + name("HALF") + name("TIEP") + grid(3, 2))
write("real.gpr", small, form="REAL")
write("large.gpr", name("NAH") + [23] + name("NAV") + [22] + name("TIEP") + grid(23, 22))
write("swapped.gpr", name("NAV") + [2] + name("NAH") + [3] + name("TIEP") + grid(3, 2))
write("narrow.gpr", small, ns=800)
write("short.gpr", name("NAH") + [3] + name("NAV") + [3] + name("TIEP") + grid(3, 2))
write("unknown.gpr", name("NAH") + [3] + name("WHAT") + [2])
