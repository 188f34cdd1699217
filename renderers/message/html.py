"""The page as HTML: tables of 600 px that shrink, every style inline, no remote parts, every name escaped by default.

The template is one file a designer can read; Jinja escapes whatever is put into it and refuses a name it does not know.
"""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from renderers.message.page import Page, preheader
from renderers.message.shapes import SHAPES, TRIANGLES


def render(page: Page) -> str:
    """The whole HTML document, the same for the same page."""
    return _template().render(
        page=page,
        preheader=preheader(page),
        shapes=SHAPES,
        triangles=TRIANGLES,
        words=page.words,
        say=page.words.say,
    )


@functools.cache
def _template() -> Template:
    return Environment(
        loader=PackageLoader("renderers.message", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("mail.html")
