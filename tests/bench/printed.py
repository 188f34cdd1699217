"""The same briefing as a web page, for printers of web pages to be measured with: four phone pages and one for the wall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from renderers.words import speak
from worker.domain.briefing import Briefing, HalfHour, QueueLine, Tile
from worker.domain.metrics import Status

EN = speak("en")
COLOURS = {Status.MISSED: "#B3261E", Status.WATCH: "#975A00", Status.ON_TARGET: "#0B6E69", Status.NO_DATA: "#475569"}
STYLE = """
@page phone { size: 390px 844px; margin: 16px } @page wall { size: 842pt 595pt; margin: 28pt }
body { font: 13px Inter, sans-serif; color: #0F172A; margin: 0 }
.phone { page: phone; break-after: page } .wall { page: wall; font-size: 9pt }
h1 { font-size: 26px; margin: 4px 0 } h2 { font-size: 18px; margin: 10px 0 4px } b { font-weight: 600 }
.verdict { background: #0F172A; color: #fff; border-radius: 12px; padding: 14px }
.tiles { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 10px }
.tile { width: 148px; border: 1px solid #E2E8F0; border-radius: 10px; padding: 12px }
.wall .tile { width: 135pt; padding: 8pt } .value { font-size: 32px } table { width: 100%; border-collapse: collapse }
td, th { border-top: 1px solid #E2E8F0; padding: 3px 2px; text-align: right } td:first-child { text-align: left }
.bar { background: #E6EBF2; border-radius: 4px; height: 7px } .bar div { height: 7px; border-radius: 4px }
"""


def page(briefing: Briefing) -> str:
    """The whole document."""
    faces = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url({files('renderers.pdf.fonts')}/{name}.ttf) }}"
        for name, weight in (("Inter-Regular", 400), ("Inter-Medium", 500), ("Inter-SemiBold", 600))
    )
    first = f"{_head(briefing)}{_tiles(briefing)}{_talk(briefing)}"
    parts = (first, _charts(briefing.half_hours), _queues(briefing.queues), _agents(briefing))
    phones = "".join(f'<div class="phone">{part}</div>' for part in parts)
    wall = "".join((_head(briefing), _tiles(briefing), _charts(briefing.half_hours), _talk(briefing)))
    wall += _queues(briefing.queues[:7])
    return f'<!DOCTYPE html><style>{faces}{STYLE}</style><body>{phones}<div class="wall">{wall}</div></body>'


def _head(briefing: Briefing) -> str:
    told = EN.verdict(briefing)
    title = f"{escape(briefing.group_title)}<h1>{EN.long_day(briefing.reporting_day)}</h1>"
    return f'{title}<div class="verdict"><b>{told.head}</b><br>{told.detail}</div>'


def _tiles(briefing: Briefing) -> str:
    return f'<div class="tiles">{"".join(map(_tile, briefing.tiles))}</div>'


def _tile(tile: Tile) -> str:
    of = tile.reading
    moved = "".join(f"<br>{EN.reference(one)} {EN.change(one, of.metric).text}" for one in tile.changes)
    status = f'<b style="color:{COLOURS[of.status]}">{EN.status(of.status)}</b> {EN.goal_line(of)}'
    value = f'<div class="value">{EN.value(of)}</div>'
    return f'<div class="tile">{EN.metric(of.metric)}{value}{status}{_line(tile.trend)}{moved}</div>'


def _line(trend: Sequence[float | None]) -> str:
    known = [value for value in trend if value is not None]
    low, spread = min(known), max(known) - min(known) or 1
    points = " ".join(f"{at * 14:.1f},{26 - (value - low) / spread * 24:.1f}" for at, value in enumerate(known))
    return f'<svg width="130" height="28"><polyline points="{points}" fill="none" stroke="#1F4E8C"/></svg>'


def _talk(briefing: Briefing) -> str:
    told = [EN.insight(found) for found in briefing.insights]
    return "<h2>Talk about today</h2>" + "".join(f"<p><b>{one.head}</b><br>{one.detail}</p>" for one in told)


def _charts(halves: Sequence[HalfHour]) -> str:
    bars = "".join(_level(at, half) + _volume(at, half) for at, half in enumerate(halves))
    hours = "".join(
        f'<text x="{at * 12}" y="410" font-size="9">{half.start:%H}</text>'
        for at, half in enumerate(halves)
        if half.start.minute == 0
    )
    return f'<h2>The day by half-hour</h2><svg width="358" height="420">{bars}{hours}</svg>'


def _level(at: int, half: HalfHour) -> str:
    level = half.service_level.value if half.service_level else 0.8
    top, height = (200 - (level - 0.8) * 400, (level - 0.8) * 400) if level >= 0.8 else (200, (0.8 - level) * 400)
    colour = "#6F8BB3" if level >= 0.8 else "#B3261E"
    return f'<rect x="{at * 12}" y="{top:.1f}" width="10" height="{height:.1f}" rx="2" fill="{colour}"/>'


def _volume(at: int, half: HalfHour) -> str:
    offered, lost = (half.counts.offered or 0) / 4, (half.counts.abandoned or 0) / 4
    return (
        f'<rect x="{at * 12}" y="{400 - offered}" width="10" height="{offered}" fill="#7690B8"/>'
        f'<rect x="{at * 12}" y="{400 - lost}" width="10" height="{lost}" fill="#B3261E"/>'
    )


def _queues(lines: Sequence[QueueLine]) -> str:
    return f"<h2>Queues, worst first</h2><table>{''.join(_queue(line) for line in lines)}</table>"


def _queue(line: QueueLine) -> str:
    level = line.service_level
    width, colour = (level.ratio.value if level.ratio else 0) * 100, COLOURS[level.status]
    bar = f'<div class="bar"><div style="width:{width:.0f}%;background:{colour}"></div></div>'
    return f"<tr><td>{escape(line.name)}{bar}{EN.queue_caption(line)}</td><td><b>{EN.value(level)}</b></td></tr>"


def _agents(briefing: Briefing) -> str:
    return f"<h2>Agents</h2><table>{''.join(_rows(briefing))}</table>" + "".join(
        f"<p>{label}: {', '.join(lines)}</p>" for label, lines in EN.completeness(briefing)
    )


def _rows(briefing: Briefing) -> Iterator[str]:
    for line in briefing.agents[:8]:
        caption = EN.agent_caption(line)
        yield f"<tr><td>{escape(line.name)}<br>{caption}</td><td><b>{EN.value(line.adherence)}</b></td></tr>"
