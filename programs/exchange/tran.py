"""TRAN: changes the organization of a cube. Source: ``vos/p2/prog/tran`` (Fortran, 06-04-98).

MSS is the old way to keep bands: side by side in the lines of an image of one band.
known: nothing. accepted: BSQ input with NBANDS and more than one band has no defined line length in the original; here it
is the input's.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
BUFFER = 900000
SAMPLE_BYTES = {"BYTE": 1, "HALF": 2, "FULL": 4, "REAL": 4}
NEEDED = {
    "MSS": "OUTORG MUST BE BIL, BIP, OR BSQ",
    "BIL": "OUTORG MUST BE MSS, BIP, OR BSQ",
    "BIP": "OUTORG MUST BE MSS, BIL, OR BSQ",
    "BSQ": "OUTORG MUST BE MSS, BIL, BIP, OR OUTPUT(S) OF 1 BAND OF BSQ",
}


def main(task):
    task.if_message("TRAN version 06-04-98")
    source = task.open("INP")
    inside, bands, samples = organization(task, source)
    wanted = task.string("OUTORG", "BSQ")
    chosen = task.integers("BANDS") if not task.defaulted("BANDS") else []
    if chosen:
        check_bands(task, wanted, chosen, bands if wanted != "MSS" else 1)
    if source.ns * source.nb * SAMPLE_BYTES.get(source.format, 8) > BUFFER:
        task.abend("BUFFER TOO SMALL.  CONSULT A PROGRAMMER")
    nl = source.nl
    if chosen:
        results = [task.create("OUT", n, nl=nl, ns=samples, nb=1, org=wanted) for n in range(1, len(chosen) + 1)]
        for result, band in zip(results, chosen):
            result.label.add("BAND", band, task="", format="INT")
    elif wanted == "MSS":
        results = [task.create("OUT", 1, nl=nl, ns=source.ns * source.nb, nb=1, org="BSQ")]
    else:
        results = [task.create("OUT", 1, nl=nl, ns=samples, nb=bands, org=wanted)]
    if inside == wanted and not (wanted == "BSQ" and chosen):
        task.abend(NEEDED[inside])
    copy(task, read_cube(source, inside, bands, samples), wanted, chosen, results)
    source.close()
    for result in results:
        result.close()
    task.no_unit(max(0, task.count("OUT") - len(results)))  # every OUT is closed, opened or not


def organization(task, source) -> tuple[str, int, int]:
    """Organization of the input, its bands and samples."""
    count = task.integer("NBANDS")
    if task.defaulted("NBANDS"):
        return source.org, source.nb, source.ns
    if source.org != "BSQ" or source.nb != 1:
        task.message("NBANDS IGNORED.  ONLY USED FOR MSS DATA")
        return source.org, count, source.ns
    if source.ns % count:
        task.message("PARAMETER ERROR")
        task.abend("NUMBER OF SAMPLES IN INPUT IS NOT DIVISIBLE BY NBANDS")
    return "MSS", count, source.ns // count


def check_bands(task, wanted: str, chosen: list[int], bands: int) -> None:
    if wanted != "BSQ":
        task.message("PARAMETER ERROR")
        task.abend("BANDS IS ONLY SPECIFIED FOR CREATING BSQ FILES OF 1 BAND EACH")
    if len(chosen) != task.count("OUT"):
        task.abend("NUMBER OF BANDS DOES NOT MATCH THE NUMBER OF OUTPUTS")
    if max(chosen) > bands:
        task.abend("BAND NUMBER IS LARGER THAN THE NUMBER OF BANDS IN THE INPUT")


def read_cube(source, inside: str, bands: int, samples: int):
    """Function that gives one band, lines x samples."""
    if inside != "MSS":
        return lambda band: source.read_window(band=band, copy=False)
    return lambda band: source.read_window(1, (band - 1) * samples + 1, source.nl, samples, copy=False)


def copy(task, band_of, wanted: str, chosen: list[int], results: list) -> None:
    """Write the bands to one output, or the chosen ones to one each."""
    if chosen:
        for result, band in zip(results, chosen):
            result.write_window(band_of(band))
        return
    result = results[0]
    if wanted != "MSS":
        for band in range(1, result.nb + 1):
            result.write_window(band_of(band), band=band)
        return
    first = np.asarray(band_of(1))
    for number in range(result.ns // first.shape[1]):
        result.write_window(band_of(number + 1), 1, number * first.shape[1] + 1)
