"""Make 16-bit images with all kinds of histograms. Standard library only."""

import random
from array import array

chance = random.Random(21)


def image(name, nl, ns, values, nb=1, org="BSQ", code="h"):
    data = array(code, values)
    format_ = {"h": "HALF", "B": "BYTE"}[code]
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


def normal(count, mean, sigma):
    return [min(32767, max(-32768, int(chance.gauss(mean, sigma)))) for _ in range(count)]


image("calm", 60, 50, normal(3000, 300, 80))
image("wild", 40, 30, [chance.randint(-32768, 32767) for _ in range(1200)])
image("few", 20, 20, [chance.randrange(5) for _ in range(400)])
image("around", 50, 50, normal(2500, 0, 3000))
image("seven", 5, 5, [7] * 25)
image("zero", 5, 5, [0] * 25)
image("cube", 20, 30, normal(1800, 500, 200), 3)
image("lines", 20, 30, normal(1800, 500, 200), 3, "BIL")
image("pixels", 5, 6, normal(60, 50, 20), 2, "BIP")
image("byte", 5, 6, [chance.randrange(256) for _ in range(30)], code="B")
