"""PSCRIPT: an image as PostScript text. Source: ``vos/p2/prog/pscript`` (C, 07 DEC 1993).

Kept: NOTITLE changes nothing; MARGIN is taken for a whole number bit by bit, so that any but 0 moves the title off the page;
with WIDE the page's width becomes a whole number; 4 bits are the upper half of 8. Bands that are narrower than the first keep
the end of what was in the buffer before.

known: nothing. accepted: bands wider than the first are cut off; the original writes behind its buffer. One value
for DNRANGE or PAGEPOS gets 0 as the second; the original takes what lies in its memory.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.cformat import sprintf
from vicar.numerics.rounding import truncate

f32 = np.float32
HEAD = """%!PS-Adobe-2.0
%%Creator: VICAR Program PSCRIPT
%%Title: {title}
%%CreationDate: {date}
%%Pages: 1
%%DocumentFonts: {font}
%%EndComments

 /inch {{ 72 mul}} def
 /height {height} def
 /width {width} def
 /xPos {x} def
 /yPos {y} def
 /fontpt {point} def
"""
TITLE = """  ({text})
 dup stringwidth pop {number} fontpt mul {margin} inch add
 yPos inch exch sub exch % Y-Position on page
 width inch sub 2 div % Width of image in inches
 xPos inch exch sub exch moveto show % X-position
"""
SCREEN = "45 {dup mul exch  dup mul add 1 exch sub} setscreen"


def main(task):
    with task.open("INP") as first:
        scaled = bool(task.count("DNRANGE")) or first.pix_size > 1
    images = [task.open("INP", n, u_format="REAL" if scaled else "BYTE") for n in range(1, task.count("INP") + 1)]
    page = Page(task, images[0])
    text: list[str] = []
    try:
        out = open(task.directory / task.string("OUT"), "w", encoding="latin-1")
    except OSError:
        task.abend("Error opening output file")
    with out:
        try:
            text.append(page.head(task))
            if len(images) not in (1, 3):
                task.abend("*** Specify one or 3 images, only ***")
            text += [page.procedure(len(images)), page.setting(task)]
            page.dump(images, Scale(task) if scaled else None, text)
            text += [" grestore\n", page.titles(task), " showpage  % Command to print out page.\n"]
        finally:
            out.write("".join(text))
    for image in images:
        image.close()


class Page:
    """Sizes in inches, and the text around the image."""

    def __init__(self, task, image):
        self.titled = task.strings("TITLE")
        self.increment = task.integer("INC")
        if self.increment == 0:  # the original divides by it
            task.abend("*** INC must not be 0 ***")
        self.ns, self.nl = image.ns // self.increment, image.nl // self.increment
        self.bits = 8 if task.keyword("8BITS") else 4
        size = task.reals("PAGESIZE")
        self.wide = task.keyword("WIDE")
        if self.wide:
            size = size[1], f32(int(size[0]))
        self.page = size
        self.point = task.integer("POINT")
        self.width, self.height = self._size(task)
        position = task.reals("PAGEPOS")
        middle = (size[0] - self.width) / f32(2), (size[1] - self.height) / f32(2)
        self.x, self.y = [*position, f32(0)][:2] if len(position) else middle

    def _size(self, task):
        ns, nl = f32(self.ns), f32(self.nl)
        if task.count("WIDTH"):
            width = task.real("WIDTH")
            return width, width * nl / ns
        if task.count("HEIGHT"):
            height = task.real("HEIGHT")
        else:
            most = f32(float(self.page[1]) - len(self.titled) * (self.point / 72.0))
            height = f32(6) * nl / ns
            height = height if height < most else most
        return height * ns / nl, height

    def head(self, task):
        sizes = (sprintf("%9.3f", float(v)) for v in (self.height, self.width, self.x, self.y))
        return HEAD.format(title=task.strings("INP")[0], date=task.now().ctime(), font=task.string("FONT"), point=self.point,
                           **dict(zip(("height", "width", "x", "y"), sizes)))

    def procedure(self, bands):
        """The PostScript procedure that reads the image."""
        names = ["picstr"] if bands == 1 else ["Rstr", "Gstr", "Bstr"]
        strings = "".join(f" /{name} {self.ns} string def\n" for name in names)
        reads = "".join(f"     {{currentfile {name} readhexstring pop}}\n" for name in names)
        call = "     image\n" if bands == 1 else "     true 3\n     colorimage\n"
        return (f"{strings} /vicarimage\n {{ {self.ns} {self.nl} {self.bits} [ {self.ns} 0 0 {-self.nl} 0 {self.nl} ] \n"
                f"{reads}{call}     }}  def\n")

    def setting(self, task):
        """Place and scale of the image on the page."""
        text = " gsave\n"
        if task.count("FREQ"):
            text += sprintf(" %9.2f ", float(task.real("FREQ"))) + SCREEN + "\n"
        if self.wide:
            text += sprintf("  0 %9.2f inch  translate -90 rotate\n", float(self.page[0]))
        text += " xPos inch yPos inch translate\n"
        if self.wide:
            text += " gsave %Save for text\n"
        return text + " width inch height inch scale\n vicarimage\n"

    def titles(self, task):
        margin = sprintf("%9.3f", float(task.real("MARGIN").view(np.int32)))
        lines = "".join(TITLE.format(text=title, number=n, margin=margin) for n, title in enumerate(self.titled, 1))
        return (f"  /{task.string('FONT')} findfont fontpt scalefont\n  setfont\n  % The following centers title below image:\n"
                f"{lines} grestore  % Restore former parameters\n")

    def dump(self, images, scale, text):
        """The pixels as hexadecimal digits."""
        most, digits = (30, 2) if self.bits == 8 else (60, 1)
        buffer = np.zeros(images[0].ns * (4 if scale else 1), np.uint8)
        for line in range(self.nl):
            for image in images:
                raw = image.read(line=line * self.increment + 1).view(np.uint8)[: len(buffer)]
                buffer[: len(raw)] = raw
                if scale:
                    values = scale(buffer.view(f32)[:: self.increment])
                else:
                    values = buffer[:: self.increment].copy()
                if scale or self.increment > 1:
                    buffer[: len(values)] = values
                pixels = bytes(buffer[: self.ns]).hex()
                pixels = pixels if digits == 2 else pixels[::2]
                whole = self.ns // most * most * digits
                text += [pixels[i : i + most * digits] + "\n" for i in range(0, whole, most * digits)] + [pixels[whole:], "\n"]


class Scale:
    """Stretch of the numbers to 0..255."""

    def __init__(self, task):
        low, high = [*task.reals("DNRANGE"), 0, 0][:2] if task.count("DNRANGE") else (0, 255)
        self.offset = f32(low)
        with np.errstate(all="ignore"):
            self.slope = f32(np.float64(255) / (float(high) + 1e-38 - float(low)))

    def __call__(self, values):
        with np.errstate(all="ignore"):
            return np.clip(truncate((values - self.offset) * self.slope), 0, 255).astype(np.uint8)
