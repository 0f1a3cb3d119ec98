"""``vicar-diff A B``: how two VICAR files differ.

Labels are compared item by item, pixels by their bits, IBIS tables cell by cell. Exit status: 0 the same (after what was
ignored by name), 1 different, 2 trouble.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

SAME, DIFFERENT, TROUBLE = 0, 1, 2
MOST_LABEL_LINES = 200


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="vicar-diff", description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n", 1)[1]
    )
    made.add_argument("a", type=Path, metavar="A")
    made.add_argument("b", type=Path, metavar="B")
    made.add_argument(
        "-i",
        "--ignore",
        action="append",
        default=[],
        metavar="ITEM",
        help="label items not to compare: DAT_TIM, 'task GEN.IVAL', 'system.*' (may be repeated, or a,b,c)",
    )
    made.add_argument("--run", action="store_true", help="ignore who ran the tasks and when: -i USER -i DAT_TIM")
    made.add_argument("--no-label", action="store_true", help="compare the contents only")
    made.add_argument("--no-pixels", action="store_true", help="compare the labels only")
    made.add_argument("--picture", type=Path, metavar="PNG", help="write a picture of where the pixels differ")
    made.add_argument("--json", action="store_true", help="result as JSON")
    made.add_argument("-q", "--quiet", action="store_true", help="print nothing, only the exit status counts")
    return made


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    from monitor.verify.diff import compare_files
    from vicar.errors import VicarError

    ignore = [name.strip() for one in options.ignore for name in one.split(",") if name.strip()]
    if options.run:
        ignore += ["USER", "DAT_TIM"]
    try:
        found = compare_files(options.a, options.b, ignore, not options.no_label, not options.no_pixels)
        if options.picture and found.pixels is not None:
            write_picture(found.pixels.area, options.picture)
    except (VicarError, OSError, MemoryError, ImportError) as error:
        print(f"vicar-diff: {str(error) or type(error).__name__}", file=sys.stderr)
        return TROUBLE
    if not options.quiet:
        print(json.dumps(as_json(found), indent=1) if options.json else "\n".join(report(found)))
    return SAME if found.same else DIFFERENT


def report(found: Any) -> list[str]:
    """The result in lines for a person."""
    lines = [f"label: {one}" for one in found.labels[:MOST_LABEL_LINES]]
    if len(found.labels) > MOST_LABEL_LINES:
        lines.append(f"label: {len(found.labels) - MOST_LABEL_LINES} more")
    if found.ignored:
        lines.append(f"label: {found.ignored} differing items ignored by name")
    if found.sizes:
        lines.append(f"size: {found.sizes}")
    lines += found.binary
    lines += found.table
    if found.pixels is not None and found.pixels.count:
        lines += _pixel_lines(found.pixels)
    if found.same:
        lines.append("same")
    return lines


def _pixel_lines(pixels: Any) -> list[str]:
    share = 100.0 * pixels.count / pixels.total
    lines = [
        f"pixels: {pixels.count} of {pixels.total} differ ({share:.3g} %), first at {_place(pixels.first)}",
        f"largest difference: {pixels.maximum:g} at {_place(pixels.position)}: {pixels.a} | {pixels.b}",
        "B minus A:",
    ]
    width = max(len(name) for name, _ in pixels.histogram)
    most = max(count for _, count in pixels.histogram)
    lines += [f"  {name:>{width}}  {count:>10}  {'#' * max(1, 40 * count // most)}" for name, count in pixels.histogram]
    return lines


def _place(position: tuple[int, int, int]) -> str:
    line, samp, band = position
    return f"line {line}, sample {samp}" + (f", band {band}" if band > 1 else "")


def as_json(found: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "same": found.same,
        "ignored": found.ignored,
        "sizes": found.sizes,
        "binary": found.binary,
        "table": found.table,
        "labels": [{"place": one.place, "key": one.key, "a": one.a, "b": one.b} for one in found.labels],
    }
    if found.pixels is not None:
        pixels = found.pixels
        data["pixels"] = {
            "total": pixels.total,
            "count": pixels.count,
            "maximum": pixels.maximum,
            "position": pixels.position,
            "first": pixels.first,
            "a": str(pixels.a),
            "b": str(pixels.b),
            "histogram": dict(pixels.histogram),
        }
    return data


def write_picture(area: Any, path: Path) -> None:
    """A PNG of where: black is equal, red is B above A, blue is B below A; brighter is more, on a logarithmic scale."""
    import numpy as np

    try:
        from PIL import Image as Picture
    except ImportError as error:
        raise ImportError("the picture needs Pillow: pip install vicar-tae[picture]") from error
    size = np.abs(area)
    finite = size[np.isfinite(size) & (size > 0)]
    shown = np.zeros((*area.shape, 3), np.uint8)
    if size.any():
        low, high = (np.log(finite.min()), np.log(finite.max())) if finite.size else (0.0, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            level = 1.0 if high == low else np.clip((np.log(size) - low) / (high - low), 0, 1)
        bright = np.where(np.isinf(size), 255, 110 + 145 * np.nan_to_num(level)).astype(np.uint8)
        shown[..., 0] = np.where(area > 0, bright, 0)
        shown[..., 1] = np.where(area != 0, bright // 3, 0)
        shown[..., 2] = np.where(area < 0, bright, 0)
    Picture.fromarray(shown).save(path, format="PNG")


if __name__ == "__main__":
    sys.exit(main())
