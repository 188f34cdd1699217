"""The same briefing as a web page, for printers of web pages: four phone pages, and one for the wall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from renderers.words import speak
from worker.domain.briefing import Briefing, HalfHour, QueueLine, Tile
from worker.domain.metrics import Status

EN = speak("en")
FONTS = files("renderers.pdf.fonts")
COLOURS = {Status.MISSED: "#B3261E", Status.WATCH: "#975A00", Status.ON_TARGET: "#0B6E69", Status.NO_DATA: "#475569"}
STYLE = """
@page phone { size: 390px 844px; margin: 16px }
@page wall { size: 842pt 595pt; margin: 28pt }
body { font: 13px Inter, sans-serif; color: #0F172A; margin: 0 }
.phone { page: phone; break-after: page }
.wall { page: wall; font-size: 8pt }
.wall h1 { font-size: 18pt }
.wall h2 { font-size: 11pt }
.wall p { margin: 3px 0 }
.wall td { padding: 1px 2px }
.both { display: flex; gap: 20pt }
.both div:last-child { width: 240pt }
.wall .verdict { padding: 6pt }
.figures { display: flex; flex-wrap: wrap; gap: 8px }
.figures div { width: 96px; background: #F5F7FA; border-radius: 8px; padding: 6px }
small { font-size: 7pt }
.wall td .line { width: 46px; height: 10px }
.wall .tiles { flex-wrap: nowrap }
h1 { font-size: 26px; margin: 4px 0 }
h2 { font-size: 18px; margin: 10px 0 4px }
b { font-weight: 600 }
.verdict { background: #0F172A; color: #fff; border-radius: 12px; padding: 14px }
.tiles { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 10px }
.tile { width: 148px; border: 1px solid #E2E8F0; border-radius: 10px; padding: 12px }
.wall .tile { width: 160pt; padding: 6pt }
.wall .value { font-size: 20pt }
.value { font-size: 32px }
table { width: 100%; border-collapse: collapse }
td, th { border-top: 1px solid #E2E8F0; padding: 3px 2px; text-align: right }
td:first-child { text-align: left }
.bar { background: #E6EBF2; border-radius: 4px; height: 7px }
.bar div { height: 7px; border-radius: 4px }
"""


def page(briefing: Briefing) -> str:
    """The whole document."""
    faces = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url(file://{FONTS}/{name}.ttf) }}"
        for name, weight in (("Inter-Regular", 400), ("Inter-Medium", 500), ("Inter-SemiBold", 600))
    )
    first = f"{_head(briefing)}{_tiles(briefing)}{_talk(briefing)}"
    parts = (first, _charts(briefing, 358, 400) + _figures(briefing), _queues(briefing.queues), _agents(briefing))
    foot = f"<footer>{EN.day_in_title(briefing.reporting_day)}</footer>"
    phones = "".join(f'<div class="phone">{part}{foot}</div>' for part in parts)
    left = _charts(briefing, 480, 190) + _table(briefing.queues[:7])
    right = _talk(briefing) + "<table>" + "".join(list(_rows(briefing))[:7]) + "</table>"
    notes = "<br>".join(EN.footnotes(briefing))
    columns = f'<div class="both"><div>{left}</div><div>{right}</div></div>'
    wall = f"{_head(briefing)}{_tiles(briefing)}{columns}<small>{notes}</small>"
    return f'<!DOCTYPE html><style>{faces}{STYLE}</style><body>{phones}<div class="wall">{wall}</div></body>'


def _head(briefing: Briefing) -> str:
    told = EN.verdict(briefing)
    title = f"{escape(briefing.group_title)}<h1>{EN.long_day(briefing.reporting_day)}</h1>"
    return f'{title}<div class="verdict">{_icon(told.status)} <b>{told.head}</b><br>{told.detail}</div>'


def _tiles(briefing: Briefing) -> str:
    return f'<div class="tiles">{"".join(map(_tile, briefing.tiles))}</div>'


def _tile(tile: Tile) -> str:
    of = tile.reading
    moved = "".join(f"<br>{EN.reference(one)} {EN.change(one, of.metric).text}" for one in tile.changes)
    status = f'<b style="color:{COLOURS[of.status]}">{EN.status(of.status)}</b> {EN.goal_line(of)}'
    value = f'<div class="value">{EN.value(of)}</div>'
    return f'<div class="tile">{EN.metric(of.metric)} {_icon(of.status)}{value}{status}{_line(tile.trend)}{moved}</div>'


def _line(trend: Sequence[float | None]) -> str:
    known = [value for value in trend if value is not None]
    low, spread = min(known), max(known) - min(known) or 1
    points = " ".join(f"{at * 14:.1f},{26 - (value - low) / spread * 24:.1f}" for at, value in enumerate(known))
    goal = '<line x1="0" x2="130" y1="13" y2="13" stroke="#64748B" stroke-dasharray="3 2.6"/>'
    line = f'<polyline points="{points}" fill="none" stroke="#1F4E8C"/>'
    dot = f'<circle cx="{points.split()[-1].split(",")[0]}" cy="{points.split(",")[-1]}" r="3" fill="#B3261E"/>'
    return f'<svg class="line" width="130" height="28" viewBox="0 0 130 28">{goal}{dot}{line}</svg>'


def _talk(briefing: Briefing) -> str:
    told = [EN.insight(found) for found in briefing.insights]
    return "<h2>Talk about today</h2>" + "".join(
        f"<p>{_icon(one.status)} <b>{one.head}</b><br>{one.detail}</p>" for one in told
    )


def _charts(briefing: Briefing, width: int, height: int) -> str:
    """Service level hanging from its target, and the volume, with grid lines and labels as on our pages."""
    halves, half = briefing.half_hours, height / 2
    slot = (width - 32) / len(halves)
    bars = "".join(
        _level(32 + at * slot, slot, half, of) + _volume(32 + at * slot, slot, half, of) for at, of in enumerate(halves)
    )
    grid = "".join(_grid(width, half * (1 - part) * 0.9 + 8, f"{40 + part * 60:.0f}") for part in (0, 0.33, 0.66, 1))
    grid += "".join(_grid(width, half * (2 - part) * 0.95, f"{part * 400:.0f}") for part in (0, 0.25, 0.5, 0.75))
    hours = "".join(
        f'<text x="{32 + at * slot:.0f}" y="{y:.0f}" font-size="10">{of.start:%H}</text>'
        for y in (half, height)
        for at, of in enumerate(halves)
        if of.start.minute == 0
    )
    told = EN.half_hours_summary(briefing)
    legend = (
        '<text x="200" y="10" font-size="10">target 80%</text><text x="90" y="60" font-size="11">52% at 11:00</text>'
    )
    title = f"<h2>The day by half-hour</h2><p>{told.head} {told.detail}</p>"
    return f'{title}<svg width="{width}" height="{height + 4}">{grid}{bars}{hours}{legend}</svg>'


def _grid(width: int, y: float, label: str) -> str:
    line = f'<line x1="32" x2="{width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#E2E8F0"/>'
    return f'{line}<text x="24" y="{y + 4:.1f}" font-size="10" text-anchor="end">{label}</text>'


def _level(x: float, slot: float, room: float, half: HalfHour) -> str:
    level = half.service_level.value if half.service_level else 0.8
    base, high = room * 0.35, abs(level - 0.8) * room * 1.5
    colour, top = ("#6F8BB3", base - high) if level >= 0.8 else ("#B3261E", base)
    return f'<rect x="{x:.1f}" y="{top:.1f}" width="{slot * 0.82:.1f}" height="{high:.1f}" rx="2" fill="{colour}"/>'


def _volume(x: float, slot: float, room: float, half: HalfHour) -> str:
    return "".join(
        f'<rect x="{x:.1f}" y="{room * 1.9 - high:.1f}" width="{slot * 0.82:.1f}" height="{high:.1f}" fill="{colour}"/>'
        for high, colour in (
            ((half.counts.offered or 0) * room / 480, "#7690B8"),
            ((half.counts.abandoned or 0) * room / 480, "#B3261E"),
        )
    )


def _figures(briefing: Briefing) -> str:
    cards = (f"<div>{of.label}<br><b>{of.value}</b><br>{of.caption}</div>" for of in EN.figures(briefing))
    return f'<div class="figures">{"".join(cards)}</div>'


def _icon(status: Status) -> str:
    shape = {
        Status.MISSED: '<rect width="14" height="14" rx="3"/><path d="M4 4L10 10M4 10L10 4" stroke="#fff"/>',
        Status.WATCH: '<path d="M7 1L13 13H1z"/><path d="M7 5V9" stroke="#fff"/>',
        Status.ON_TARGET: '<circle cx="7" cy="7" r="7"/><path d="M4 7L6 9L10 5" stroke="#fff" fill="none"/>',
        Status.NO_DATA: '<circle cx="7" cy="7" r="6" fill="none" stroke="#475569"/>',
    }[status]
    return f'<svg width="14" height="14" fill="{COLOURS[status]}">{shape}</svg>'


def _table(lines: Sequence[QueueLine]) -> str:
    heads = ("Queues, worst first", "Service level", "vs Tue", "Trend", "Offered", "Abandoned", "Handle", "Answer")
    head = "".join(f"<th>{text}</th>" for text in heads)
    return f"<table><tr>{head}</tr>{''.join(map(_wide, lines))}</table>"


def _wide(line: QueueLine) -> str:
    counts, moved = line.counts, line.change
    cells = (
        f"{_icon(line.service_level.status)} {escape(line.name)}",
        f"<b>{EN.value(line.service_level)}</b>",
        EN.change(moved, line.service_level.metric).size if moved else "",
        _line(line.trend),
        EN.count(counts.offered),
        EN.ratio(line.abandonment),
        EN.talk_time(counts.average_handle_ms),
        EN.wait_time(counts.average_answer_ms),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _queues(lines: Sequence[QueueLine]) -> str:
    return f"<h2>Queues, worst first</h2><table>{''.join(_queue(line) for line in lines)}</table>"


def _queue(line: QueueLine) -> str:
    level = line.service_level
    width, colour = (level.ratio.value if level.ratio else 0) * 100, COLOURS[level.status]
    bar = f'<div class="bar"><div style="width:{width:.0f}%;background:{colour}"></div></div>'
    told = f"{_icon(level.status)} {escape(line.name)}{bar}{EN.queue_caption(line)}"
    return f"<tr><td>{told}</td><td><b>{EN.value(level)}</b></td></tr>"


def _agents(briefing: Briefing) -> str:
    return f"<h2>Agents</h2><table>{''.join(_rows(briefing))}</table>" + "".join(
        f"<p>{label}: {', '.join(lines)}</p>" for label, lines in EN.completeness(briefing)
    )


def _rows(briefing: Briefing) -> Iterator[str]:
    for line in briefing.agents[:8]:
        caption = EN.agent_caption(line)
        told = f"{_icon(line.adherence.status)} {escape(line.name)}<br>{caption}"
        yield f"<tr><td>{told}</td><td><b>{EN.value(line.adherence)}</b></td></tr>"
