"""Make images with many components. Standard library only."""

import random
from array import array

chance = random.Random(4)


def image(name, nl, ns, values, code="B"):
    data = array(code, values)
    format_ = {"h": "HALF", "B": "BYTE", "i": "FULL"}[code]
    recsize = ns * data.itemsize
    text = (
        f"FORMAT='{format_}'  TYPE='IMAGE'  BUFSIZ=20480  DIM=3  EOL=0  RECSIZE={recsize}  ORG='BSQ'  NL={nl}  NS={ns}  NB=1  "
        f"N1={ns}  N2={nl}  N3=1  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  "
        "TASK='MADE'  USER='TEST'  DAT_TIM='Mon Mar  5 12:00:00 1979'  "
    )
    size = -(-(len(text) + 24) // recsize) * recsize
    with open(name, "wb") as file:
        file.write((f"LBLSIZE={size}".ljust(24) + text).encode().ljust(size, b"\0") + data.tobytes())


def dots(nl, ns, share):
    return [int(chance.random() < share) * chance.randint(1, 9) for _ in range(nl * ns)]


image("sparse", 20, 30, dots(20, 30, 0.3))
image("middle", 24, 16, dots(24, 16, 0.55), "h")
image("dense", 20, 16, dots(20, 16, 0.75), "i")
image("row", 1, 12, dots(1, 12, 0.5))
image("column", 12, 1, dots(12, 1, 0.5))
image("empty", 4, 4, [0] * 16)
image("full", 4, 4, [3] * 16)
