"""Type sizes of the phone pages, where a point is a CSS pixel, and of the wall page (`WALL_…`)."""

from __future__ import annotations

from renderers.pdf.text.typefaces import DISPLAY, MEDIUM, REGULAR, SEMIBOLD
from renderers.pdf.text.typesetting import Style

TITLE = Style(DISPLAY, 26)
VALUE = Style(DISPLAY, 31)
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
TRACKING = 1.0  # With a tenth of the size, text extraction takes letters for words.
FOOT, FOOT_STRONG = Style(REGULAR, 10.5), Style(SEMIBOLD, 10.5)

WALL_TITLE = Style(DISPLAY, 25)
WALL_VALUE = Style(DISPLAY, 29)
WALL_VERDICT = Style(SEMIBOLD, 16)
WALL_SECTION = Style(SEMIBOLD, 12.5)
WALL_LABEL = Style(MEDIUM, 12)
WALL_ITEM = Style(SEMIBOLD, 11.5)
WALL_STATUS, WALL_GOAL = Style(SEMIBOLD, 10.5), Style(REGULAR, 10.5)
WALL_BODY = Style(REGULAR, 9.8)
WALL_NAME, WALL_STRONG, WALL_CELL = Style(MEDIUM, 10), Style(SEMIBOLD, 10), Style(REGULAR, 10)
WALL_CAPTION, WALL_CAPTION_STRONG = Style(REGULAR, 9.5), Style(MEDIUM, 9.5)
WALL_HEAD = Style(MEDIUM, 9)
WALL_AXIS, WALL_AXIS_STRONG = Style(REGULAR, 9), Style(SEMIBOLD, 9.8)
WALL_FOOT = Style(REGULAR, 9)
