"""Make the input of the procedure: a cube's label and history, attached to nothing. Standard library only."""

LABEL = """CCSD3ZF0000100000001NJPL3IF0PDS200000001 = SFDU_LABEL
RECORD_TYPE = FIXED_LENGTH
RECORD_BYTES = 512
FILE_RECORDS = 6
LABEL_RECORDS = 2
FILE_STATE = CLEAN
^HISTORY = {history}
OBJECT = HISTORY
END_OBJECT
^QUBE = {qube}
OBJECT = QUBE
  AXES = 3
  AXIS_NAME = (SAMPLE,LINE,BAND)
  CORE_ITEMS = (4,3,2)
END_OBJECT
END
"""
HISTORY = "GROUP = MADE\n  VERSION_DATE = 1990-01-01\n  PARAMETER = 'one'\nEND_GROUP\nEND\n"


def cube(name, end="\r\n", history=3, qube=4, label=LABEL):
    text = label.format(history=history, qube=qube).replace("\n", end).ljust(1024)
    with open(name, "wb") as file:
        file.write((text + HISTORY.replace("\n", end).ljust(512)).encode() + bytes(range(256)) * 6)


cube("crlf.cub")
cube("lf.cub", end="\n")
cube("nohistory.cub", label=LABEL.replace("^HISTORY = {history}\n", ""))
for name, records in (("long", 60), ("longer", 5000), ("odd", 77)):
    cube(f"{name}.cub", label=LABEL.replace("LABEL_RECORDS = 2", f"LABEL_RECORDS = {records}"))
with open("odd.cub", "ab") as odd:
    odd.write(b"behind" * 5001)


# labels written in many odd ways: where the items stand, how lines and records end
ODD = {
    "spread": "X = 1\r\n LABEL_RECORDS\t=\t3\r\n" + "LONG = " + "abcdefghij" * 30 + "\r\n^HISTORY = 4\r\nA = 1\r\n^QUBE = 5\r\nEND\r\n",
    "noequals": "LABEL_RECORDS 2\r\n^HISTORY 3\r\n^QUBE 4\r\nEND\r\n",
    "novalue": "LABEL_RECORDS = none\r\nEND\r\n",
    "similar": "LABEL_RECORD = 9\r\nLABEL_RECORDSET = 8\r\nLABEL_RECORDS = 1\r\n^HISTORYX = 7\r\n^HISTORY = 2\r\n^X = 3\r\nEND\r\n",
    "backwards": "^HISTORY = 3\r\n^QUBE = 2\r\nLABEL_RECORDS = 2\r\nEND\r\n",
    "alone": "LABEL_RECORDS = 2\r\n^HISTORY = 3\r\nEND\r\n",
    "nothing": "LABEL_RECORDS = 0\r\n^HISTORY = 1\r\n^QUBE = 2\r\nEND\r\n",
    "nuls": "LABEL_RECORDS = 1\r\nA = \0B\r\nC = \0\0\r\n^HISTORY = 2\r\n^QUBE = 3\r\nEND\r\n",
    "lines": "LABEL_RECORDS = 2\r\n" + "".join("x" * n + "\r\n" for n in (129, 130, 131, 132, 133, 134)) + "END\r\n",
    "returns": "LABEL_RECORDS = 1\rA = 1\nB = 2\n\rC = 3\r\r\nEND\r\n",
}

for name, text in ODD.items():
    data = text.encode("latin-1")
    records = -(-len(data) // 512)
    with open(f"{name}.lab", "wb") as file:
        file.write(data.ljust(512 * records) + b"GROUP = HISTORY\r\n  VALUE = 5\r\nEND_GROUP\r\nEND\r\n".ljust(512))
        file.write(b"more text\r\n" * 90)
with open("short.lab", "wb") as file:
    file.write(b"LABEL_RECORDS = 1\r\n^HISTORY = 2\r\n^QUBE = 3\r\nEND\r\n")
