"""The page of agents who need attention: those under the adherence target, worst first."""

from __future__ import annotations

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import page
from worker.domain.briefing.content import AgentLine, Briefing
from worker.domain.metrics import Status

TOP, ROW, MOST_ROWS, FEWEST_ROWS = 89, 54, 8, 5
_TEXT_LEFT = page.MARGIN + 23


def needing_attention(briefing: Briefing) -> tuple[AgentLine, ...]:
    """All agents under the target, worst first."""
    return tuple(line for line in briefing.agents if line.adherence.status in (Status.MISSED, Status.WATCH))


def end(briefing: Briefing, rows: int = MOST_ROWS, top: float = 0) -> float:
    """Where the list of at most so many rows ends whose heading begins at ``top``."""
    under = len(needing_attention(briefing))
    return top + TOP + ROW * min(under, rows) + (22 if under > rows or not under else 0)


def rows_above(briefing: Briefing, edge: float) -> int:
    """How many rows end above ``edge``, if it takes but a few fewer; else as many as the page has."""
    return next((n for n in range(MOST_ROWS, FEWEST_ROWS - 1, -1) if end(briefing, n) <= edge), MOST_ROWS)


def draw(sheet: Sheet, briefing: Briefing, rows: int = MOST_ROWS, top: float = 0) -> None:
    """The list, as far as it fits, and how many more there are."""
    under = needing_attention(briefing)
    page.heading(sheet, sheet.words.say("Agents needing attention") if under else sheet.words.say("Agents"), top)
    page.summary(sheet, "", sheet.words.agents_summary(briefing), top)
    with sheet.grouped("L"):
        for number, line in enumerate(under[:rows]):
            _row(sheet, top + TOP + ROW * number, line)
    if hidden := under[rows:]:
        y = end(briefing, rows, top) - 6
        with sheet.tagged("P"):
            sheet.text(_TEXT_LEFT, y, sheet.words.more_agents(hidden), styles.CAPTION, palette.MUTED)


def _row(sheet: Sheet, y: float, line: AgentLine) -> None:
    sheet.rule(page.MARGIN, y, page.CONTENT, palette.RULE)
    with icons.item(sheet, page.MARGIN, y + 10, 15, line.adherence.status):
        sheet.text(_TEXT_LEFT, y + 22, sheet.words.clean(line.name), styles.ROW_NAME, palette.INK, limit=268)
        sheet.text(page.RIGHT, y + 22, sheet.words.value(line.adherence), styles.ROW_VALUE, palette.INK, align="right")
        limit = page.RIGHT - _TEXT_LEFT
        sheet.text(_TEXT_LEFT, y + 41, sheet.words.agent_caption(line), styles.CAPTION, palette.MUTED, limit=limit)
