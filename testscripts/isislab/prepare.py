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
