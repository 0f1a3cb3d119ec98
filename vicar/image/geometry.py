"""Where the pixels of a file lie: records, axes, offsets. Source: ``process_input_file.c``, ``c_xvread.c``."""

from __future__ import annotations

from dataclasses import dataclass

ORGS = ("BSQ", "BIL", "BIP")


def axes(org: str, nl: int, ns: int, nb: int) -> tuple[int, int, int]:
    """Lengths of the axes, fastest first (N1, N2, N3)."""
    return {"BSQ": (ns, nl, nb), "BIL": (ns, nb, nl), "BIP": (nb, ns, nl)}[org]


def buffer_size(recsize: int, random: bool = False) -> int:
    """BUFSIZ of the original's buffer: whole 4096-byte blocks, at least one more than a record needs."""
    blocks = -(-max(1024 if random else 20000, recsize) // 4096)
    if -(-recsize // 4096) == blocks:
        blocks += 1
    return blocks * 4096


@dataclass
class Geometry:
    """Sizes in the file's own terms. ``base`` is the offset of the VICAR file inside a wrapped one."""

    org: str
    nl: int
    ns: int
    nb: int
    n1: int
    n2: int
    n3: int
    pixel: int
    nbb: int
    nlb: int
    recsize: int
    lblsize: int
    base: int = 0

    @property
    def label_records(self) -> int:
        # a label size that is not a multiple of the record size puts the data at the wrong byte, there as here
        return self.lblsize // self.recsize

    @property
    def header_offset(self) -> int:
        """Offset of the binary header."""
        return self.base + self.label_records * self.recsize

    @property
    def image_offset(self) -> int:
        """Offset of the first image record, its prefix included."""
        return self.header_offset + self.nlb * self.recsize

    @property
    def records(self) -> int:
        return self.n2 * self.n3

    @property
    def eol_offset(self) -> int:
        return self.image_offset + self.records * self.recsize

    @property
    def samples_in_record(self) -> int:
        """Whole pixels a record has room for."""
        return max(0, (self.recsize - self.nbb) // self.pixel)

    def record(self, line: int, samp: int, band: int) -> int:
        """Record (from 1) that holds a pixel, all counted from 1."""
        if self.org == "BSQ":
            return (band - 1) * self.n2 + line
        return (line - 1) * self.n2 + (band if self.org == "BIL" else samp)

    def window(self, line: int, samp: int, band: int) -> tuple[int, int, int]:
        """Offset of a pixel and the byte steps from line to line and from sample to sample."""
        offset = self.image_offset + (self.record(line, samp, band) - 1) * self.recsize + self.nbb
        if self.org == "BIP":
            return offset + (band - 1) * self.pixel, self.n2 * self.recsize, self.recsize
        line_step = self.recsize if self.org == "BSQ" else self.n2 * self.recsize
        return offset + (samp - 1) * self.pixel, line_step, self.pixel

    def closed_size(self, eol_size: int) -> int:
        """Size of the file after close, from the axes as they are now."""
        record = self.n1 * self.pixel + self.nbb
        return self.base + record * (self.records + self.nlb) + self.lblsize + eol_size
