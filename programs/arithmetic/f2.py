"""F2: arithmetic on up to 18 images by an expression.

Source: ``vos/p2/prog/f2`` (Fortran) over ``vos/p1/sub/knuth``. Three ways lead to the same pixels but different messages
and accidents: a byte table, a cache ("hash table") of results for halfwords, and every pixel by itself.

Accidents that are kept: EXCLUDE with the cache writes the replacement into the entry of the pixel before; LIMITS or EXCLUDE
with BYTE input and FULL or REAL output stores the replacement as a halfword in the middle of the line buffer; two inputs
that are both -32768 repeat the pixel of the line above; FULL output saturates at -2147483648; without inputs and positions
IN1 is the sample number.

Kept: the bytes of DOUB and COMP images as third or later input are taken for REAL.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from programs.arithmetic._f2_cache import ResultCache, carry_down
from vicar.errors import VicarError
from vicar.numerics import fortran, knuth, libm
from vicar.numerics.bytetables import through_table, through_two
from vicar.numerics.rounding import truncate

FORTRAN = True
SIZES = {"BYTE": 1, "HALF": 2, "WORD": 2, "FULL": 4, "REAL": 4}
RANGES = {
    "BYTE": (0.0, 255.0),
    "HALF": (-32768.0, 32767.0),
    "FULL": (-2147483648.0, 2147483647.0),
    "REAL": (-1.7e38, 1.7e38),
}
PIXELS_AT_ONCE = 1 << 18


def main(task):
    run(task, LATEST)


@dataclass(frozen=True)
class Edition:
    """What differs between the F2 of two libraries."""

    banner: str = "F2 version 98-Aug-2015"
    functions: tuple[str, ...] = ("FUNCTION", "FU2", "FU3", "FU4")
    longest: int = 2000  # characters of the expression
    one_org: bool = True  # refuses inputs of different organisation
    repeats: bool = True  # -32768 twice repeats the line above
    wide_exclusion: bool = True  # EXCLUDE with wide output stores whole numbers, not halfwords
    sample_in_first: bool = True  # without positions IN1 is the sample number first


LATEST = Edition()


def run(task, edition: Edition) -> None:
    task.message(edition.banner)
    program = read_function(task, edition)
    job = open_inputs(task, program, edition)
    read_exclusion(task, job)
    choose_method(job)
    with create_output(task, job) as result:
        worker = METHODS[job.method](task, job)
        for block in blocks(task, job):
            write_block(job, result, block, worker.rows(block))
    count = worker.evaluated
    digits = int(libm.log10(np.float32(max(1, count))) + np.float32(1))
    task.message("FUNCTION EVALUATED " + fortran.integer(count, digits) + " TIMES")


@dataclass
class Job:
    """What a run works on."""

    program: knuth.Program
    edition: Edition = LATEST
    inputs: list = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    sl: int = 1
    ss: int = 1
    sb: int = 1
    nl: int = 0
    ns: int = 0
    nb: int = 1
    org: str = "BSQ"
    out_format: str = "BYTE"
    method: str = "pixels"
    half: np.float32 = np.float32(0.5)
    exclude: np.ndarray | None = None
    limits: np.ndarray | None = None
    replaced: bool = False  # REPLACE was given (only asked with EXCLUDE)
    replacement: np.float32 = np.float32(0)  # for other than BYTE first inputs
    byte_replacement: int = 0  # for a BYTE first input

    @property
    def first_format(self) -> str:
        return self.formats[0] if self.formats else ""

    def integer(self, values) -> np.ndarray:
        """Rounded away from zero (or truncated), limited to the output format; int32."""
        low, high = (np.float32(x) for x in RANGES[self.out_format])
        values = np.where(values < 0, values - self.half, values + self.half)
        return truncate(np.minimum(high, np.where(values > low, values, low)))  # NaN becomes the lower limit


# ---------------------------------------------------------------- preparation


def read_function(task, edition: Edition) -> knuth.Program:
    text = "".join(task.string(name) or "" for name in edition.functions)[: edition.longest]
    try:
        program = knuth.compile_expression(text.rstrip(" "))
    except knuth.KnuthError:
        task.abend("BAD FUNCTION STRING")
    if task.keyword("DUMP"):
        task.messages(*program.dump())
    return program


def open_inputs(task, program, edition: Edition) -> Job:
    job = Job(program, edition)
    count = task.count("INP")
    if count == 0:
        return without_inputs(task, job)
    job.inputs = [task.open("INP", i + 1) for i in range(count)]
    job.formats = [image.format for image in job.inputs]
    window, bands = task.size_field(), task.band_field()
    job.sl, job.ss, job.sb, job.org = window.sl, window.ss, bands.sb, job.inputs[0].org
    job.nl = min([window.nl] + [i.nl - window.sl + 1 for i in job.inputs])
    job.ns = min([window.ns] + [i.ns - window.ss + 1 for i in job.inputs])
    job.nb = min([bands.nb] + [i.nb - bands.sb + 1 for i in job.inputs])
    if max([window.nl] + [i.nl for i in job.inputs]) != job.nl:
        task.message("LINES TRUNCATED")
    if max([window.ns] + [i.ns for i in job.inputs]) != job.ns:
        task.message("SAMPLES TRUNCATED")
    if max([bands.nb] + [i.nb for i in job.inputs]) != job.nb:
        task.message("BANDS TRUNCATED")
    if edition.one_org and any(image.org != job.org for image in job.inputs):
        task.abend(" ALL INPUTS MUST HAVE SAME ORG!")
    for name in job.formats[:2]:
        if name not in SIZES:
            task.abend(f" INVALID FORMAT:{name:<4.4s}")
    job.out_format = task.string("FORMAT") or {"WORD": "HALF"}.get(job.formats[0], job.formats[0])
    return job


def without_inputs(task, job) -> Job:
    window, bands = task.size_field(), task.band_field()
    job.sl, job.ss, job.nl, job.ns = window.sl, window.ss, window.nl, window.ns
    job.sb, job.nb = max(bands.sb, 1), max(bands.nb, 1)
    job.org = task.string("ORG") or "BSQ"
    job.out_format = task.string("FORMAT") or "BYTE"
    return job


def read_exclusion(task, job) -> None:
    """EXCLUDE, else LIMITS, and REPLACE; all limited to the range of the first input where that is BYTE or HALF."""
    bounds = RANGES[job.first_format] if job.first_format in ("BYTE", "HALF") else None

    def limited(values):
        return np.clip(values, *np.float32(bounds)) if bounds else values

    replacement = task.real("REPLACE")
    excluded, limits = task.reals("EXCLUDE"), task.reals("LIMITS")
    if len(excluded):
        job.exclude = limited(excluded)
        job.replaced = replacement is not None
    elif len(limits) == 2 and limits[0] < limits[1]:
        job.limits = limits
        if bounds:
            job.limits = np.array([max(limits[0], bounds[0]), min(limits[1], bounds[1])], np.float32)
    if replacement is not None:
        # a BYTE first input limits only the byte, never the real replacement that other inputs use
        job.replacement = replacement if job.first_format == "BYTE" else np.float32(limited(replacement))
        if job.first_format == "BYTE":
            job.byte_replacement = int(truncate(limited(replacement)))
    elif not len(excluded) and len(limits):
        low = (job.limits if job.limits is not None else limits)[0]
        if job.first_format == "BYTE":
            job.byte_replacement = int(truncate(low)) & 255
        else:
            job.replacement = low
    if task.keyword("TRUNC"):
        job.half = np.float32(0)


def choose_method(job) -> None:
    count = len(job.inputs)
    if count not in (1, 2) or job.program.uses_position:
        return
    first = SIZES[job.formats[0]]
    second = SIZES[job.formats[1]] if count == 2 else 0
    out = SIZES[job.out_format]
    if (count == 1 and first + out == 2) or (count == 2 and first + second + out == 3 and job.nl * job.ns > 40000):
        job.method = "table"
    elif (count == 1 and first + out <= 4) or (count == 2 and first + second <= 4 and out <= 2):
        job.method = "cache"


def create_output(task, job):
    u_format = {"BYTE": "HALF"}.get(job.out_format, job.out_format)
    if job.method == "table":
        u_format = "BYTE"
    result = task.create(
        "OUT", nl=job.nl, ns=job.ns, nb=job.nb, org=job.org, format=job.out_format, u_format=u_format
    )
    result.label.add("FUNCTION", task.string("FUNCTION").rstrip(" "), task="", format="STRING")
    return result


# ---------------------------------------------------------------- records in the order of the file


@dataclass
class Block:
    """Some records of all inputs: ``dn[k]`` is records x samples (bands for BIP); the position is broadcastable."""

    dn: list[np.ndarray]
    shape: tuple[int, int]
    outer: np.ndarray | int
    middle: np.ndarray
    inner: np.ndarray
    line: int
    nl: int
    band: int


def blocks(task, job):
    """The window in the order the original goes through it."""
    if job.ns == 0 and job.nl > 0 and job.org != "BIP":
        raise VicarError("BADSAMP", "XVREAD", job.inputs[0].name, line=0)
    step = max(1, PIXELS_AT_ONCE * (1 if job.method == "pixels" else 4) // max(1, job.ns * (1 if job.org == "BSQ" else job.nb)))
    for band in range(job.sb, job.sb + job.nb) if job.org == "BSQ" else (0,):
        for first in range(0, job.nl, step):
            nl = min(step, job.nl - first)
            yield read_block(job, job.sl + first, nl, band)
            task.progress(max(band - job.sb, 0) * job.nl + first + nl, job.nl * (job.nb if band else 1))


def read_block(job, line: int, nl: int, band: int) -> Block:
    lines = np.arange(line, line + nl)
    samples = np.arange(job.ss, job.ss + job.ns)
    if job.org == "BSQ":
        dn = [image.read_window(line, job.ss, nl, job.ns, band, copy=False) for image in job.inputs]
        return Block(dn, (nl, job.ns), band, lines[:, None], samples, line, nl, band)
    bands = np.arange(job.sb, job.sb + job.nb)
    stacks = [
        np.stack([image.read_window(line, job.ss, nl, job.ns, b) for b in bands.tolist()]) for image in job.inputs
    ]
    if job.org == "BIL":
        dn = [s.transpose(1, 0, 2).reshape(nl * job.nb, job.ns) for s in stacks]
        shape, middle, inner = (nl * job.nb, job.ns), np.tile(bands, nl), samples
    else:
        dn = [s.transpose(1, 2, 0).reshape(nl * job.ns, job.nb) for s in stacks]
        shape, middle, inner = (nl * job.ns, job.nb), np.tile(samples, nl), bands
    outer = np.repeat(lines, shape[0] // nl)
    return Block(dn, shape, outer[:, None], middle[:, None], inner, line, nl, 0)


def write_block(job, result, block: Block, rows: np.ndarray) -> None:
    line = block.line - job.sl + 1
    if job.org == "BSQ":
        result.write_window(rows, line, 1, block.band - job.sb + 1)
        return
    planes = (
        rows.reshape(block.nl, job.nb, job.ns).transpose(1, 0, 2)
        if job.org == "BIL"
        else rows.reshape(block.nl, job.ns, job.nb).transpose(2, 0, 1)
    )
    for band, plane in enumerate(planes, 1):
        result.write_window(np.ascontiguousarray(plane), line, 1, band)


# ---------------------------------------------------------------- the three methods


class ByteTable:
    """All 256 or 65536 results beforehand."""

    def __init__(self, task, job):
        self.job = job
        count = len(job.inputs)
        self.table = job.program.lookup(count, bool(job.half))
        self.evaluated = 256**count
        task.message("F2 using byte table lookup")

    def rows(self, block: Block) -> np.ndarray:
        job, dn = self.job, block.dn
        values = through_table(self.table, dn[0]) if len(dn) == 1 else through_two(self.table, dn[1], dn[0])
        if job.exclude is not None:
            done = np.zeros(values.shape, bool)
            for excluded in truncate(job.exclude, np.int16):
                here = np.any([d == excluded for d in dn], axis=0) & ~done
                values[here] = job.byte_replacement if job.replaced else excluded & 255
                done |= here
        elif job.limits is not None:
            low, high = truncate(job.limits)
            values[np.any([(d < low) | (d > high) for d in dn], axis=0)] = job.byte_replacement
        return values


class Cached:
    """Halfwords through the cache of results; its accidents are in ``ResultCache``."""

    def __init__(self, task, job):
        self.job = job
        first = job.program.evaluate({1: np.float32(0), 2: np.float32(0)})
        self.cache = ResultCache(int(truncate(job.integer(np.asarray(first)), np.int16)))
        self.above = np.zeros(job.nb if job.org == "BIP" else job.ns, np.int16)
        self.table = self.all_values() if len(job.inputs) == 1 and job.exclude is None else None
        task.message("F2 using hash table lookup")

    @property
    def evaluated(self) -> int:
        return self.cache.evaluated

    def all_values(self) -> np.ndarray:
        """The results of one input, by its value plus 32768."""
        values = np.arange(-32768, 32768).astype(np.int16)
        results = np.broadcast_to(self.job.program.evaluate({1: values, 2: np.zeros_like(values)}), values.shape)
        return truncate(self.job.integer(results), np.int16)

    def from_table(self, dn: np.ndarray) -> np.ndarray:
        """Pixels of one input that nothing is excluded from."""
        job, table, allowed = self.job, self.table, np.ones(65536, bool)
        if job.limits is not None:
            low, high = truncate(job.limits)
            values = np.arange(-32768, 32768)
            allowed = ~((values < low) | (values > high))
        self.cache.tally(dn, table, allowed)
        shown = np.where(allowed, table, truncate(job.replacement, np.int16))
        return np.concatenate((shown[32768:], shown[:32768]))[dn.view(np.uint16)]

    def rows(self, block: Block) -> np.ndarray:
        job = self.job
        dn = [d.astype(np.int16) for d in block.dn]
        if self.table is not None:
            return self.from_table(dn[0])
        if len(dn) == 1:
            dn.append(np.zeros_like(dn[0]))
        values = np.broadcast_to(job.program.evaluate({1: dn[0], 2: dn[1]}), block.shape)
        values = truncate(job.integer(values), np.int16)
        real = dn[: len(job.inputs)]
        result, looked_up = np.empty(block.shape, np.int16), np.ones(block.shape, bool)
        poison = np.zeros(block.shape, bool)
        if job.exclude is not None:
            for excluded in truncate(job.exclude, np.int16):
                here = np.any([d == excluded for d in real], axis=0) & looked_up
                result[here] = truncate(job.replacement, np.int16) if job.replaced else excluded
                looked_up[here] = False
            poison = ~looked_up
        elif job.limits is not None:
            low, high = truncate(job.limits)
            looked_up = ~np.any([(d < low) | (d > high) for d in real], axis=0)
            result[~looked_up] = truncate(job.replacement, np.int16)
        repeated = job.edition.repeats & looked_up & (dn[0] == -32768) & (dn[1] == -32768)
        looked_up &= ~repeated
        codes = dn[0].astype(np.int32) + 32768 + 65536 * dn[1].astype(np.int32)
        self.cache.run(codes.ravel(), values.ravel(), looked_up.ravel(), poison.ravel(), result.reshape(-1),
                       job.nl * job.ns * job.nb)
        self.above = carry_down(result, repeated, self.above)
        return result


def as_real(dn: np.ndarray) -> np.ndarray:
    """Pixels in single precision; of wider ones the first bytes of a record are taken for it."""
    if dn.itemsize <= np.dtype(np.float32).itemsize:
        return np.asarray(dn, np.float32)
    return np.ascontiguousarray(dn).view(np.float32)[:, : dn.shape[1]]


class EveryPixel:
    """The expression at every pixel, in REAL."""

    def __init__(self, task, job):
        self.job = job
        self.evaluated = 0
        program = job.program
        nowhere = 1 if job.edition.sample_in_first else 0
        self.cells = (knuth.LINE, knuth.SAMP, knuth.BAND) if program.uses_position else (nowhere,) * 3
        inner = job.nb if job.org == "BIP" else job.ns
        self.out_type = {"FULL": np.int32, "REAL": np.float32}.get(job.out_format, np.int16)
        self.buffer = np.zeros(inner, self.out_type)  # the line above
        task.message("F2 calculating every pixel")

    def rows(self, block: Block) -> np.ndarray:
        job = self.job
        line, samp, band = self.cells
        places = {"BSQ": (band, line, samp), "BIL": (line, band, samp), "BIP": (line, samp, band)}[job.org]
        variables = {}
        for cell, where in zip(places, (block.outer, block.middle, block.inner)):
            variables[cell] = np.asarray(where, np.float32)
        inputs = [as_real(d) for d in block.dn]
        variables |= {k + 1: values for k, values in enumerate(inputs)}
        with np.errstate(all="ignore"):
            values = np.broadcast_to(job.program.evaluate(variables), block.shape)
        self.evaluated += block.shape[0] * block.shape[1]
        if job.exclude is not None and inputs:
            return self.excluded(inputs, values)
        if job.limits is not None and inputs:
            return self.limited(inputs, values)
        return self.converted(values)

    def converted(self, values) -> np.ndarray:
        return values if self.out_type == np.float32 else self.job.integer(values).astype(self.out_type)

    def excluded(self, inputs, values) -> np.ndarray:
        """The first input that has one of the values decides; a BYTE one stores the replacement unrounded."""
        job = self.job
        halfwords = self.out_type != np.int16 and not job.edition.wide_exclusion
        out_type = np.int16 if halfwords else self.out_type
        values, raw = values.copy(), np.zeros(values.shape, out_type)
        open_, as_is = np.ones(values.shape, bool), np.zeros(values.shape, bool)
        for form, dn in zip(job.formats, inputs):
            for number in job.exclude:
                here = open_ & (dn == number)
                if form == "BYTE":
                    value = np.float32(job.byte_replacement) if job.replaced else number
                    raw[here] = value if out_type == np.float32 else truncate(value, out_type)
                    as_is |= here
                else:
                    values[here] = job.replacement if job.replaced else number
                open_ &= ~here
        if halfwords:
            return self._halfwords(self.converted(values), as_is, raw)
        return np.where(as_is, raw, self.converted(values))

    def limited(self, inputs, values) -> np.ndarray:
        job = self.job
        values = values.copy()
        open_, as_is = np.ones(values.shape, bool), np.zeros(values.shape, bool)
        low, high = job.limits
        for form, dn in zip(job.formats, inputs):
            here = open_ & ((dn < low) | (dn > high))
            if form == "BYTE":
                as_is |= here
            else:
                values[here] = job.replacement
            open_ &= ~here
        result = self.converted(values)
        if self.out_type == np.int16:
            return np.where(as_is, np.int16(job.byte_replacement), result)
        return self._halfwords(result, as_is, np.full(result.shape, job.byte_replacement, np.int16))

    def _halfwords(self, result, as_is, replacements) -> np.ndarray:
        """Wide output: the replacement goes into halfword J of the line buffer, pixel J keeps the line above."""
        rows = np.empty(result.shape, self.out_type)
        halves = self.buffer.view(np.int16)
        for row, (values, here, replacement) in enumerate(zip(result, as_is, replacements)):
            self.buffer[~here] = values[~here]
            halves[: len(here)][here] = replacement[here]
            rows[row] = self.buffer
        return rows


METHODS = {"table": ByteTable, "cache": Cached, "pixels": EveryPixel}
