"""The pages that full tables are drawn on: their size, edges, type styles and heights of rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from renderers.pdf import wall
from renderers.pdf.drawing import styles
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import Style
from worker.domain.groups import Pages


@dataclass(frozen=True, slots=True)
class Form:
    """A page in points: positions from the top, type styles, and the height of a row.

    ``head_at`` is the baseline of the header's last line, ``top`` the upper edge of the first row. ``stacked`` is the
    height of a row with the name above the figures, 0 where all are on one line.
    """

    width: float
    height: float
    margin: float
    title_at: float
    summary_at: float
    head_at: float
    top: float
    row: float
    baseline: float
    stacked: float
    icon: float
    title: Style
    summary: Style
    head: Style
    name: Style
    strong: Style
    cell: Style
    foot_style: Style
    foot: float

    @property
    def content(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def right_x(self) -> float:
        """The right edge of the content."""
        return self.width - self.margin

    @property
    def room(self) -> float:
        """The height between the header and the foot."""
        return self.foot - self.top

    @property
    def summary_lines(self) -> int:
        """How many lines the summary may have."""
        return 2 if self.stacked else 1

    def lowered(self, distance: float) -> Form:
        """Return the form of a table that begins lower on its page."""
        return replace(
            self,
            title_at=self.title_at + distance,
            summary_at=self.summary_at + distance,
            head_at=self.head_at + distance,
            top=self.top + distance,
        )


def _paper(size: wall.Paper) -> Form:
    return Form(
        *size,
        margin=wall.MARGIN,
        title_at=46,
        summary_at=64,
        head_at=93,
        top=99,
        row=16.4,
        baseline=11.4,
        stacked=0,
        icon=10,
        title=styles.SECTION,
        summary=styles.WALL_BODY,
        head=styles.WALL_HEAD,
        name=styles.WALL_NAME,
        strong=styles.WALL_STRONG,
        cell=styles.WALL_CELL,
        foot_style=styles.WALL_FOOT,
        foot=size.height - 30,
    )


A4, LETTER = _paper(wall.A4), _paper(wall.LETTER)
PHONE = Form(
    layout.WIDTH,
    layout.HEIGHT,
    margin=layout.MARGIN,
    title_at=46,
    summary_at=72,
    head_at=130,
    top=138,
    row=24,
    baseline=16.3,
    stacked=42,
    icon=14,
    title=styles.HEADING,
    summary=styles.BODY,
    head=styles.FOOT,
    name=styles.ROW_NAME,
    strong=styles.STATUS,
    cell=styles.GOAL,
    foot_style=styles.FOOT,
    foot=layout.FOOT,
)


def form_for(pages: Pages) -> Form:
    """Return the form for the briefing's pages: the phone's, Letter, or else A4."""
    return {"phone": PHONE, "letter": LETTER}.get(pages, A4)
