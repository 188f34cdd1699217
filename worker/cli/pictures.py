"""A PDF as a picture, for whoever tunes targets and wants to see the page at once."""

from __future__ import annotations

import io

import click

_SCALE, _GAP = 1.5, 24
_MOST_PAGES = 24
_PAPER = "#DDE3EA"


def as_png(pdf: bytes, password: str = "") -> bytes:
    """The first pages side by side, as many as can be looked at; ClickException where the library is not installed."""
    try:
        import pypdfium2
        from PIL import Image
    except ImportError:
        raise click.ClickException('Pictures need pypdfium2: install "standup-briefings[preview]".') from None
    document = pypdfium2.PdfDocument(pdf, password=password or None)
    pages = [document[at].render(scale=_SCALE).to_pil() for at in range(min(len(document), _MOST_PAGES))]
    width = sum(page.width + _GAP for page in pages) + _GAP
    row = Image.new("RGB", (width, max(page.height for page in pages) + 2 * _GAP), _PAPER)
    left = _GAP
    for page in pages:
        row.paste(page, (left, _GAP))
        left += page.width + _GAP
    written = io.BytesIO()
    row.save(written, "PNG", optimize=True)
    return written.getvalue()
