"""An image that holds infinities and what is not a number."""
import struct

NL, NS = 9, 10
SIZE = 40 * 10
values = [3.5 * (y * NS + x) - 40 for y in range(NL) for x in range(NS)]
values[24], values[57], values[88] = float("nan"), float("inf"), float("-inf")
label = (
    f"LBLSIZE={SIZE}  FORMAT='REAL'  TYPE='IMAGE'  BUFSIZ=400  DIM=3  EOL=0  RECSIZE={4 * NS}  ORG='BSQ'  NL={NL}  NS={NS}"
    f"  NB=1  N1={NS}  N2={NL}  N3=1  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'  REALFMT='RIEEE'  BHOST='X86-64-LINX'"
    "  BINTFMT='LOW'  BREALFMT='RIEEE'  BLTYPE=''  TASK='MADE'  USER='us'  DAT_TIM='Tue Nov  3 10:00:00 2020'  "
)
open("odd.img", "wb").write(label.encode().ljust(SIZE, b"\0") + struct.pack(f"<{NL * NS}f", *values))
