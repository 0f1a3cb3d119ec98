"""Lists of files whose first lines are written in many ways."""

from pathlib import Path

LISTS = {
    "long": "NEXT   FILE   =   00000000000012   trailing\nA\n",
    "nolineend": "NEXT FILE=3",
    "lower": "next file = 3\nA\n",
    "plus": "NEXTFILE=+9 \nxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
    "minus": "NEXT FILE = -3 \nyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n",
    "indented": "  NEXT FILE = 3   \nyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n",
    "nonumber": "NEXT FILE = \nyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n",
    "verylong": f"NEXT FILE = 3{'x':>100}\nyy\n",
    "letter": "NEXT FILE = x3\nyyyyyyyyy\n",
    "twice": "NEXT FILE == 4\nABCDEFGHIJKLMNOP\n",
    "large": "NEXT FILE = 99999999999\nABCDEFGHIJKLMNOP\n",
}

for name, text in LISTS.items():
    Path(name).write_text(text)
