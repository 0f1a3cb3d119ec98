"""Reading what the gallery and the PDS deliver: zip archives, raw PNG files with metadata, EDR/RDR images with labels.

Nothing is ever unpacked to disk; members of an archive are chosen by their base name, so a path that leads elsewhere has
no meaning here. Sizes are checked before anything is read into memory.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vicar.junocam import JunocamError
from vicar.junocam.metadata import Metadata, from_json, from_pds, pds_keywords

LARGEST = 400_000_000  # bytes of one member
NAME = re.compile(r"(JNC[ER]_\d{7}_\d\d[A-Z]\d{5}_V\d+)(-raw\.png|\.img)\Z", re.I)


@dataclass(frozen=True)
class Product:
    """A picture in a file: its metadata, and how to read its pixels (lines x samples)."""

    meta: Metadata
    read: Callable[[], np.ndarray]


def products_in(path: Path, metadata: list[Path]) -> tuple[list[Product], list[str]]:
    """Pictures in a file and remarks on what was left out. All were read once, so that damage is known before anything is
    written, but none is kept: an archive may hold hundreds.

    ``path`` is a zip, a raw PNG or a PDS .IMG/.LBL. Metadata come from the archive, from ``metadata`` (JSON, LBL, or
    archives that hold JSON), or from files beside the picture. Raises `JunocamError`.
    """
    path = Path(path)
    known: dict[str, Metadata] = {}
    for extra in metadata:
        known.update(metadata_in(Path(extra)))
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return from_zip(path, known)
    if suffix == ".png":
        match = NAME.search(path.name)
        if match is None:
            raise JunocamError(f"{path.name} is not named as a raw JunoCam picture (PRODUCT_ID-raw.png)")
        meta = known.get(match[1].upper()) or beside(path, match[1].upper())
        return [sound(meta, lambda: decode_png(read_bytes(path), path.name))], []
    if suffix in (".img", ".lbl"):
        return [sound(from_pds_files(path)[0], lambda: from_pds_files(path)[1])], []
    raise JunocamError(f"{path.name} is neither a zip archive, a raw PNG, nor a PDS image")


def read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise JunocamError(f"{path.name} is too large for a JunoCam file")
        return path.read_bytes()
    except OSError as error:
        raise JunocamError(f"{path.name}: {error.strerror or error}") from None


def metadata_in(path: Path) -> dict[str, Metadata]:
    """All metadata of a JSON file, a PDS label or an archive, by product."""
    if path.suffix.lower() == ".zip":
        with archive(path) as opened:
            names = [n for n in opened.namelist() if n.lower().endswith("metadata.json")]
            found = [from_json(member(opened, n)) for n in names]
    elif path.suffix.lower() == ".lbl":
        found = [from_pds(read_bytes(path).decode("latin-1"))]
    else:
        found = [from_json(read_bytes(path))]
    return {meta.product_id: meta for meta in found}


def beside(path: Path, product: str) -> Metadata:
    """Metadata of a picture from the files in its folder."""
    for candidate in sorted(path.parent.glob("*-[Mm]etadata.json"))[:2000]:
        if product.encode() in read_bytes(candidate):
            meta = from_json(read_bytes(candidate))
            if meta.product_id == product:
                return meta
    raise JunocamError(f"no metadata for {product}: give the -Metadata.json file (or Data.zip) that belongs to it")


def archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise JunocamError(f"{path.name} is not a usable zip archive ({error})") from None


def member(opened: zipfile.ZipFile, name: str) -> bytes:
    """One member, whole. Raises `JunocamError` if it is damaged, encrypted or too large."""
    short = base(name)
    try:
        if opened.getinfo(name).file_size > LARGEST:
            raise JunocamError(f"{short} in the archive is too large for a JunoCam file")
        return opened.read(name)
    except JunocamError:
        raise
    except Exception:  # a damaged archive raises whatever the damage leads zipfile and the decompressors to
        raise JunocamError(f"{short} in the archive is damaged or encrypted") from None


def base(name: str) -> str:
    """Last part of a name in an archive, whatever separators and paths it has."""
    return re.split(r"[\\/]", name)[-1]


def sound(meta: Metadata, read: Callable[[], np.ndarray]) -> Product:
    """A product whose pixels can be read and have the size the metadata say."""
    product = Product(meta, lambda: checked(meta, read()))
    product.read()
    return product


def reader(path: Path, name: str) -> Callable[[], np.ndarray]:
    """Reads a picture in an archive."""

    def read() -> np.ndarray:
        with archive(path) as opened:
            return decode_png(member(opened, name), base(name))

    return read


def from_zip(path: Path, known: dict[str, Metadata]) -> tuple[list[Product], list[str]]:
    """Raw pictures of an ImageSet (or mixed) archive."""
    products, notes = [], []
    with archive(path) as opened:
        names = sorted(opened.namelist(), key=base)
        outside = [n for n in names if n.startswith(("/", "\\")) or ".." in re.split(r"[\\/]", n) or ":" in n[:3]]
        if outside:
            notes.append(f"{len(outside)} member(s) of {path.name} have paths outside the archive and were ignored")
        names = [n for n in names if n not in outside]
        for name in names:
            if name.lower().endswith("metadata.json"):
                meta = from_json(member(opened, name))
                known.setdefault(meta.product_id, meta)
        for name in names:
            match = NAME.match(base(name))
            if not match or not name.lower().endswith(".png"):
                continue
            product = match[1].upper()
            meta = known.get(product) or beside(path, product)
            products.append(sound(meta, reader(path, name)))
    if not products:
        raise JunocamError(f"{path.name} holds no raw picture (PRODUCT_ID-raw.png)")
    return products, notes


def decode_png(data: bytes, name: str) -> np.ndarray:
    """Pixels of an 8- or 16-bit grey PNG. Raises `JunocamError` if truncated or of another kind."""
    try:
        from PIL import Image as Pillow
    except ImportError:
        raise JunocamError("reading PNG needs Pillow: pip install 'vicar-tae[picture]'") from None
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            if picture.format != "PNG" or picture.mode not in ("L", "I;16", "I"):
                raise JunocamError(f"{name} is not a grey PNG (found {picture.format} {picture.mode})")
            if picture.width > 1648 or picture.height > 128 * 4 * 400:
                raise JunocamError(f"{name} is {picture.width} by {picture.height}: not a JunoCam raw picture")
            return np.array(picture)
    except JunocamError:
        raise
    except Exception:  # Pillow raises many kinds for damaged files
        raise JunocamError(f"{name} is damaged or cut short") from None


def checked(meta: Metadata, pixels: np.ndarray) -> np.ndarray:
    """The pixels, if they have the size the metadata say."""
    expected = (meta.lines, 1648 // meta.summing)
    if pixels.shape != expected:
        raise JunocamError(f"{meta.product_id}: the picture has {pixels.shape[0]} lines of {pixels.shape[1]} samples, its "
                           f"metadata say {expected[0]} of {expected[1]} ({meta.frames} frames of {len(meta.filters)})")
    return pixels


def from_pds_files(path: Path) -> tuple[Metadata, np.ndarray]:
    """EDR (bytes) or RDR (16-bit, most significant byte first unless the label says LSB) with its detached label."""
    label_path = sibling(path, ".lbl")
    text = read_bytes(label_path).decode("latin-1")
    meta, items = from_pds(text), pds_keywords(text)
    data = read_bytes(sibling(path, ".img"))
    wide = str(items.get("SAMPLE_BITS", "8")) == "16"
    order = "<" if "LSB" in str(items.get("SAMPLE_TYPE", "")) or "PC_" in str(items.get("SAMPLE_TYPE", "")) else ">"
    needed = meta.lines * (1648 // meta.summing) * (2 if wide else 1)
    if len(data) < needed:
        raise JunocamError(f"{path.stem}.IMG has {len(data)} bytes, its label needs {needed}")
    given = str(items.get("MD5_CHECKSUM", ""))
    if re.fullmatch(r"[0-9a-fA-F]{32}", given) and hashlib.md5(data).hexdigest() != given.lower():
        raise JunocamError(f"{path.stem}.IMG does not have the MD5 checksum its label gives")
    pixels = np.frombuffer(data[:needed], np.dtype(order + "i2") if wide else np.uint8)
    pixels = pixels.astype(np.int16) if wide else pixels
    return meta, pixels.reshape(meta.lines, -1)


def sibling(path: Path, suffix: str) -> Path:
    """The file itself or its companion, in either case of letters."""
    for candidate in (path, path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.suffix.lower() == suffix and candidate.exists():
            return candidate
    raise JunocamError(f"{path.stem}{suffix.upper()} was not found beside {path.name}")
