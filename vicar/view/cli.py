"""``vicar-view``: look at a VICAR image.

    vicar-view FILE                 a picture in the terminal, or FILE.png when standard output is no terminal
    vicar-view FILE -o PICTURE.png  a picture file
    vicar-view FILE --label         the label
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="vicar-view", description="Look at a VICAR image.")
    p.add_argument("file")
    p.add_argument("-o", "--output", metavar="PNG", help="write a picture file (default in a pipe: FILE.png)")
    p.add_argument("--label", action="store_true", help="print the label instead")
    p.add_argument("--band", type=int, action="append", metavar="N",
                   help="band to show; three of them make red, green and blue (default: 1, or 1 2 3 of a three-band image)")
    p.add_argument("--window", type=int, nargs=4, metavar=("SL", "SS", "NL", "NS"), help="part of the image; 0 0 for all")
    p.add_argument("--stretch", type=float, nargs=2, metavar=("BLACK", "WHITE"), help="data numbers shown black and white")
    p.add_argument("--percent", type=float, default=0.5, help="pixels saturated at either end (default 0.5)")
    p.add_argument("--size", type=int, default=0, help="longest side of the picture in pixels (default: as it is)")
    return p


def main(argv: list[str] | None = None) -> int:
    """Run the command; 0 if something was shown, 2 with one sentence if not."""
    arguments = parser().parse_args(argv)
    from vicar.errors import VicarError

    try:
        return show(arguments)
    except VicarError as error:
        reason = error.text if error.key else error.errno_text
        print(f"vicar-view: {arguments.file}: {reason.strip()}", file=sys.stderr)
    except (OSError, ValueError) as error:
        print(f"vicar-view: {error}", file=sys.stderr)
    except MemoryError:
        print(f"vicar-view: {arguments.file}: the image does not fit into memory; use --window or --size", file=sys.stderr)
    return 2


def show(arguments) -> int:
    """Do what the arguments ask for."""
    from vicar.image import open_image

    with open_image(arguments.file) as image:
        if arguments.label:
            from vicar.view.labels import label_text

            sys.stdout.write(label_text(image))
            return 0
        from vicar.view import picture

        if not image.nl or not image.ns:
            raise ValueError(f"{arguments.file}: there are no pixels, only a label (--label) and perhaps a table")
        bands = wanted_bands(arguments.band, image.nb)
        check(arguments, image)
        terminal = sys.stdout.isatty() and not arguments.output
        limit = arguments.size or (2 * shutil.get_terminal_size().columns if terminal else 0)
        planes = picture.read_bands(image, bands, arguments.window, limit)
        stretch = picture.Stretch(*arguments.stretch) if arguments.stretch else None
        shown = picture.render(planes, stretch, arguments.percent)
        if image.short:
            print(f"vicar-view: {arguments.file}: the file ends too soon; what is missing is shown as zeros", file=sys.stderr)
    if terminal:
        sys.stdout.write(picture.half_blocks(shown, shutil.get_terminal_size().columns))
        return 0
    save(shown, Path(arguments.output or f"{arguments.file}.png"))
    return 0


def wanted_bands(given: list[int] | None, count: int) -> list[int]:
    """Bands to show: those asked for, or all of a three-band image, or the first."""
    bands = given or ([1, 2, 3] if count == 3 else [1])
    if len(bands) not in (1, 3):
        raise ValueError("give one --band, or three for red, green and blue")
    wrong = [b for b in bands if not 1 <= b <= count]
    if wrong:
        raise ValueError(f"there is no band {wrong[0]}; the image has {count}")
    return bands


def check(arguments, image) -> None:
    """Refuse what no picture can be made of."""
    if arguments.window:
        sl, ss, nl, ns = arguments.window
        if not (1 <= sl <= image.nl and 1 <= ss <= image.ns and nl >= 0 and ns >= 0):
            raise ValueError(f"the window {sl} {ss} {nl} {ns} is not in the image of {image.nl} lines and {image.ns} samples")
    if not 0 <= arguments.percent < 50:
        raise ValueError("--percent must be at least 0 and less than 50")
    if arguments.size < 0:
        raise ValueError("--size must not be negative")


def save(picture, path: Path) -> None:
    """Write a PNG whole or not at all."""
    try:
        from PIL import Image as Picture
    except ImportError:
        raise ValueError("pictures need Pillow: pip install vicar-tae[picture]") from None
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        Picture.fromarray(picture).save(part, format="PNG")
        os.replace(part, path)
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
