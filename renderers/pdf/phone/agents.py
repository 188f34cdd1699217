"""The page of agents under the adherence target, worst first."""

from __future__ import annotations

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import fit_name, width
from renderers.words import Words
from worker.domain.briefing.content import AgentLine, Briefing

ROW, MOST_ROWS, FEWEST_ROWS = 54, 8, 5
_TEXT_LEFT = layout.MARGIN + 23
_NAME_ROOM = 268


def needing_attention(briefing: Briefing) -> tuple[AgentLine, ...]:
    """Return all agents under the target, worst first."""
    return tuple(line for line in briefing.agents if line.adherence.status.is_off_target)


def end(words: Words, briefing: Briefing, rows: int = MOST_ROWS, top: float = 0) -> float:
    """Return where a list of at most ``rows`` rows ends if its heading begins at ``top``."""
    under_target = len(needing_attention(briefing))
    return _top(words, briefing, top) + ROW * min(under_target, rows) + (22 if under_target > rows else 0)


def rows_above(words: Words, briefing: Briefing, edge: float) -> int:
    """Return how many rows end above ``edge``, if that costs only a few rows, else as many as a page has."""
    return next((n for n in range(MOST_ROWS, FEWEST_ROWS - 1, -1) if end(words, briefing, n) <= edge), MOST_ROWS)


def draw(sheet: Sheet, briefing: Briefing, rows: int = MOST_ROWS, top: float = 0) -> None:
    """Draw the list as far as it fits, and how many more there are."""
    under_target = needing_attention(briefing)
    layout.heading(
        sheet, sheet.words.say("Agents needing attention") if under_target else sheet.words.say("Agents"), top
    )
    layout.summary(sheet, "", sheet.words.agents_summary(briefing), top=top)
    with sheet.grouped("L"):
        for number, line in enumerate(under_target[:rows]):
            _row(sheet, _top(sheet.words, briefing, top) + ROW * number, line)
    if hidden := under_target[rows:]:
        y = end(sheet.words, briefing, rows, top) - 6
        with sheet.tagged("P"):
            sheet.text(_TEXT_LEFT, y, sheet.words.more_agents(hidden), styles.CAPTION, palette.MUTED)


def _top(words: Words, briefing: Briefing, top: float) -> float:
    return layout.summary_end("", words.agents_summary(briefing), top=top)


def _row(sheet: Sheet, y: float, line: AgentLine) -> None:
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    with icons.item(sheet, layout.MARGIN, y + 10, 15, line.adherence.status):
        name = fit_name(sheet.words.clean(line.name), styles.ROW_NAME, _NAME_ROOM)
        sheet.text(_TEXT_LEFT, y + 22, name, styles.ROW_NAME, palette.INK)
        sheet.text(
            layout.RIGHT, y + 22, sheet.words.value(line.adherence), styles.ROW_VALUE, palette.INK, align="right"
        )
        limit = layout.RIGHT - _TEXT_LEFT
        sheet.text(_TEXT_LEFT, y + 41, _caption(sheet.words, line, limit), styles.CAPTION, palette.MUTED, limit=limit)


def _caption(words: Words, line: AgentLine, limit: float) -> str:
    """Return the caption with as many names of queues as there is room for."""
    captions = [words.agent_caption(line, most_names) for most_names in (2, 1, 0)]
    return next((caption for caption in captions if width(caption, styles.CAPTION) <= limit), captions[-1])
