"""The same briefing as a web page, for printers of web pages: four phone pages, and one for the wall.

It says every word that our pages say (a test holds it to that) with the same faces, charts, bars and shapes on pages of
the same size. Side by side they are hard to tell apart; what differs: it is laid out in boxes, rows and tables, so that
things stand some points elsewhere, lines break where the printer likes, and a name that is too long is cut some letters
later. It has no bookmarks, and no descriptions of charts and shapes for those who do not see them, which ours have: its
printers have that much less to do.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from renderers.pdf.charts import level_chart
from renderers.pdf.phone import agents
from renderers.words import speak
from tests.bench.printing import charts
from worker.domain.briefing.content import Briefing

_FONTS = files("renderers.pdf.fonts")
_FACES = [(400, "Inter", "Inter-Regular"), (500, "Inter", "Inter-Medium"), (600, "Inter", "Inter-SemiBold")]
_FACES += [(600, "InterDisplay", "InterDisplay-SemiBold")]
_COLOURS = {"missed": "#B3261E", "watch": "#975A00", "on_target": "#0B6E69", "no_data": "#475569"}
_TONES = {"better": "#0B6E69", "worse": "#B3261E", "neutral": "#334155"}
_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)


def page(briefing: Briefing) -> str:
    """The whole document, which can be printed from anywhere: its faces are named by absolute addresses."""
    words = speak("en")
    return _TEMPLATES.get_template("page.html").render(
        of=briefing,
        words=words,
        under=agents.needing_attention(briefing),
        level_title=level_chart.title(words, briefing),
        long_level_title=level_chart.long_title(words, briefing),
        faces=[(weight, family, f"file://{_FONTS}/{name}.ttf") for weight, family, name in _FACES],
        colours=_COLOURS,
        tones=_TONES,
        level=charts.level,
        volume=charts.volume,
        trend=charts.trend,
    )
