"""A parameter file with lines of every kind, and an empty one."""

from pathlib import Path

Path("items.txt").write_bytes(b"ONE=1\nTWO=two words  \nnothing\n\nTHREE=(1,2)\r\nFOUR=last")
Path("empty.txt").write_bytes(b"")
