"""From documents and messages to pictures: pages side by side, a mail as a phone shows it, a sheet as it prints."""

from __future__ import annotations

import base64
import html
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

import renderers.pdf.fonts
from tests.waiting import HANG_SECONDS

PAPER, GAP = "#DDE3EA", 18
_FLAT, _OTHERS = 96, 128
_CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars")
_FONTS = {400: "Inter-Regular", 500: "Inter-Medium", 600: "Inter-SemiBold", 700: "Inter-SemiBold"}
"""What the mail's Roboto is drawn with: no phone has this machine's fonts, and Inter is as wide as the phones' own."""
_LIGHT_AND_DARK = """<!DOCTYPE html><meta charset="utf-8">
<body style="margin:0;background:{paper};display:flex;gap:{gap}px;padding:{gap}px">
{frames}</body>"""


def pages(pdf: bytes, scale: float, most: int = 4) -> list[Image.Image]:
    """The first pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    return [document[index].render(scale=scale).to_pil() for index in range(min(len(document), most))]


def some_pages(pdf: bytes, scale: float, *numbers: int) -> list[Image.Image]:
    """The pages of a PDF with these numbers, from one."""
    document = pypdfium2.PdfDocument(pdf)
    return [document[number - 1].render(scale=scale).to_pil() for number in numbers]


def side_by_side(images: Sequence[Image.Image]) -> Image.Image:
    """The images in a row on grey, so that white pages have an edge."""
    width = sum(image.width for image in images) + GAP * (len(images) + 1)
    row = Image.new("RGB", (width, max(image.height for image in images) + 2 * GAP), PAPER)
    left_x = GAP
    for image in images:
        row.paste(image, (left_x, GAP))
        left_x += image.width + GAP
    return row


def trimmed(image: Image.Image) -> Image.Image:
    """The image without the white around what is printed."""
    left_x, top, right_x, bottom = ImageChops.invert(image.convert("L")).getbbox() or (0, 0, *image.size)
    return image.crop((left_x - GAP, top - GAP, right_x + GAP, bottom + GAP))


def mails(sources: Sequence[str], widths: Sequence[int], height: int, scale: float) -> Image.Image:
    """Mails side by side in windows of these widths."""
    frames = "".join(
        f'<iframe width="{width}" height="{height}" style="border:0" srcdoc="{html.escape(source)}"></iframe>'
        for source, width in zip(map(_with_fonts, sources), widths, strict=True)
    )
    window = sum(widths) + GAP * (len(widths) + 1), height + 2 * GAP
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "mails.html"), Path(folder, "mails.png")
        page.write_text(_LIGHT_AND_DARK.format(paper=PAPER, gap=GAP, frames=frames), encoding="utf-8")
        size, profile = f"--window-size={window[0]},{window[1]}", f"--user-data-dir={folder}/profile"
        factor, screenshot = f"--force-device-scale-factor={scale}", f"--screenshot={shot}"
        _run(_program("chromium", "google-chrome"), *_CHROMIUM, size, profile, factor, screenshot, page.as_uri())
        with Image.open(shot) as image:
            return image.convert("RGB")


def _with_fonts(source: str) -> str:
    faces = "".join(
        f"@font-face {{ font-family: Roboto; font-weight: {weight}; src: url(data:font/ttf;base64,{_encoded(name)}); }}"
        for weight, name in _FONTS.items()
    )
    return source.replace("<style>", f"<style>{faces}", 1)


def _encoded(font: str) -> str:
    path = Path(renderers.pdf.fonts.__path__[0], f"{font}.ttf")
    return base64.b64encode(path.read_bytes()).decode()


def dark(source: str) -> str:
    """The mail as a reader in dark mode sees it: its own dark style sheet, switched on."""
    return source.replace("(prefers-color-scheme: dark)", "all").replace("<body ", '<body data-dark="" ', 1)


def sheets(workbook: bytes, scale: float, most: int) -> list[Image.Image]:
    """The first printed pages of a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "book.xlsx").write_bytes(workbook)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        office = _program("soffice", "libreoffice")
        _run(office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, f"{folder}/book.xlsx")
        return pages(Path(folder, "book.pdf").read_bytes(), scale, most)


def save(image: Image.Image, path: Path) -> int:
    """Write a PNG with a palette, as small as flat pages allow, and say how many bytes it has."""
    image.quantize(palette=_palette(image), dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def _palette(image: Image.Image) -> Image.Image:
    """The commonest colours as they are, and others far from them: left alone, few amber pixels turn into red ones."""
    counted = sorted(image.getcolors(1 << 24) or [], key=lambda item: (-item[0], item[1]))
    flat = [part for _, colour in counted[:_FLAT] for part in colour]
    distant = image.quantize(_OTHERS, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*flat, *distant[: 3 * _OTHERS]])
    return palette


def _program(*names: str) -> str:
    program = next((path for path in map(shutil.which, names) if path), None)
    if program is None:
        raise SystemExit(f"{names[0]} is missing: apt-get install {names[0]}")
    return program


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=HANG_SECONDS)
