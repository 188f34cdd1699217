"""Type sizes. `Phone` is read at arm's length, one point a pixel; the wall page from some metres at twice that."""

from __future__ import annotations

from renderers.pdf.sheet import Style
from renderers.pdf.typefaces import DISPLAY, MEDIUM, REGULAR, SEMIBOLD

TITLE = Style(DISPLAY, 26)
VALUE = Style(DISPLAY, 32)
NO_VALUE = Style(DISPLAY, 24)
VERDICT = Style(SEMIBOLD, 20)
HEADING = Style(SEMIBOLD, 20)
SECTION = Style(SEMIBOLD, 18)
PANEL_HEAD = Style(SEMIBOLD, 15)
FIGURE = Style(SEMIBOLD, 18)
ROW_VALUE = Style(SEMIBOLD, 16)
ITEM = Style(SEMIBOLD, 14.5)
ROW_NAME = Style(SEMIBOLD, 14)
TILE_LABEL = Style(MEDIUM, 13.5)
CHART_LABEL = Style(MEDIUM, 13)
BODY, BODY_STRONG = Style(REGULAR, 13), Style(SEMIBOLD, 13)
STATUS, GOAL = Style(SEMIBOLD, 12), Style(REGULAR, 12)
CAPTION, CAPTION_STRONG = Style(REGULAR, 11.5), Style(MEDIUM, 11.5)
AXIS, AXIS_STRONG = Style(REGULAR, 11), Style(SEMIBOLD, 11.5)
EYEBROW = Style(SEMIBOLD, 11)
FOOT, FOOT_STRONG = Style(REGULAR, 10.5), Style(SEMIBOLD, 10.5)
