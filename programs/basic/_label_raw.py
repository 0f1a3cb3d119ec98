"""LABEL-CREATE, -REMOVE and -SWITCH: files between raw and labelled. Source: ``vos/p2/prog/label``."""

from __future__ import annotations

from vicar.errors import VicarError
from vicar.image.formats import DTYPES
from vicar.image.records import copy_records
from vicar.image.sweep import line_blocks
from vicar.label.system import HOSTS

# -- CREATE -------------------------------------------------------------------------------------------------------


def create(task) -> None:
    hosts = host_formats(task, "HOST", task.string("HOST") or "NATIVE")
    if task.keyword("BINARY"):
        result = create_binary(task, hosts)
    else:
        result = create_plain(task, hosts)
    comment = task.string("COMMENT")
    if comment is not None:
        result.label.add("COMMENT", comment, task="", format="STRING")
    result.close()


def host_formats(task, parameter: str, host: str) -> dict[str, str]:
    """HOST, INTFMT and REALFMT, or with ``BHOST`` those of the binary parts; the last two can be given by themselves."""
    if host.upper() not in HOSTS:
        raise VicarError("BADHOST", "XVHOST")
    prefix = parameter[:-4]
    integers, reals = HOSTS[host.upper()]
    return {
        parameter.lower(): host,
        f"{prefix}intfmt".lower(): task.string(f"{prefix}INTFMT", integers),
        f"{prefix}realfmt".lower(): task.string(f"{prefix}REALFMT", reals),
    }


def create_plain(task, hosts: dict[str, str]):
    """The pixels of a window of a raw file, as they are."""
    fmt, org, nb = task.string("FORMAT"), task.string("ORG"), task.integer("NB")
    source = task.open("INP", labels=False, convert=False, i_format=fmt, u_format=fmt, u_org=org, u_nb=nb,
                       u_nl=task.integer("NL"), u_ns=task.integer("NS"), **hosts)
    sl, ss, nl, ns = (task.integers("WINDOW") + [0] * 4)[:4] if task.count("WINDOW") else (1, 1, source.nl, source.ns)
    sb, nb = (task.integers("BANDS") + [0] * 2)[:2] if task.count("BANDS") else (1, nb)
    result = task.create("OUT", nl=nl, ns=ns, nb=nb, org=org, format=fmt, u_format=fmt, convert=False, **hosts)
    with source:
        copy_window(source, result, sl, ss, sb, nl, ns, nb)
    return result


def create_binary(task, hosts: dict[str, str]):
    """A raw file with a binary header or prefixes, byte by byte."""
    fmt, org = task.string("FORMAT"), task.string("ORG")
    nl, ns, nb = task.integer("NL"), task.integer("NS"), task.integer("NB")
    nbb, nlb = task.integer("NBB"), task.integer("NLB")
    record = DTYPES[fmt].itemsize * ((nb if org == "BIP" else ns) or 0) + nbb
    inner = {"u_ns": ns, "u_nb": record} if org == "BIP" else {"u_ns": record, "u_nb": nb}
    source = task.open("INP", labels=False, binary=True, convert=False, i_format="BYTE", u_format="BYTE", u_org=org,
                       u_nl=nl, **inner)
    binary_hosts = host_formats(task, "BHOST", task.string("BHOST") or hosts["host"])
    nl = source.nl if nl is None else nl
    result = task.create("OUT", binary=True, nlb=nlb, nbb=nbb, nl=nl, ns=ns, nb=nb, org=org, format=fmt, u_format=fmt,
                         convert=False, bltype=task.string("BLTYPE"), **hosts, **binary_hosts)
    with source:
        copy_records(source, result, count=nlb + nl * (ns if org == "BIP" else nb))
    return result


def copy_window(source, result, sl: int, ss: int, sb: int, nl: int, ns: int, nb: int) -> None:
    for band in range(nb):
        for done, dn in line_blocks(source, sl, ss, nl, ns, sb + band):
            result.write_window(dn, done + 1, 1, band + 1)


# -- REMOVE -------------------------------------------------------------------------------------------------------


def remove(task) -> None:
    binary, no_header, no_prefix = (task.keyword(word) for word in ("BINARY", "NOBINHEAD", "NOBINPREF"))
    source = task.open("INP", binary=binary or no_header or no_prefix)
    window = task.size_field(source)
    if window.ns < 14 and task.keyword("NOBLOCK"):
        task.if_message("Output record must be greater than 14 samples")
        task.abend("for unblocked tapes.")
    sb, nb = (1, source.nb) if task.defaulted("BANDS") else (task.integers("BANDS") + [0] * 2)[:2]
    org = source.org
    if not (binary or no_header or no_prefix):
        with source, task.create("OUT", labels=False, org=org, nl=window.nl, ns=window.ns, nb=nb) as result:
            copy_window(source, result, window.sl, window.ss, sb, window.nl, window.ns, nb)
        return
    size = {"org": org, "nl": source.nl, "ns": source.ns, "nb": source.nb}
    if not no_header or binary:
        size["nlb"] = source.nlb
    if not no_prefix or binary or no_header:
        size["nbb"] = source.nbb
    records = source.nlb + source.geometry.records
    with source, task.create("OUT", binary=True, labels=not binary, **size) as result:
        # NOBINHEAD keeps the last record of the header, as the original does
        copy_records(source, result, first=source.nlb if no_header and not binary else 1, count=records)


# -- SWITCH -------------------------------------------------------------------------------------------------------


def switch(task) -> None:
    """Data and system label of the second input, properties and history of the first."""
    with task.open("INP", 1), task.open("INP", 2, binary=True) as data:
        with task.create("OUT", binary=True, nl=data.nl, ns=data.ns, nb=data.nb, format=data.format,
                         u_format=data.format, type=data.type, org=data.org, nlb=data.nlb, nbb=data.nbb) as result:
            copy_records(data, result)
