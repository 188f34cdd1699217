"""The charts of the web page as SVG, with the shapes and texts of our charts. Sizes are in points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from markupsafe import Markup, escape

from renderers.pdf.charts import volume_chart
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.words import service_level_goal, speak
from worker.domain.briefing.content import Briefing

_WORDS = speak("en")
_LEFT, _FILL, _LOWEST = 31.0, 0.82, 0.4
"""The points left of a chart for labels, the part of a slot that a bar takes, the service level at the ground."""

_INK, _BAD, _BAR, _RULE = "#0F172A", "#B3261E", "#6F8BB3", "#E2E8F0"


def level(briefing: Briefing, wide: float, high: float, size: float, hours: str = "") -> Markup:
    """Service level by half-hour, hanging from the target, the worst stretch shaded."""
    axis, goal = _axis(briefing, wide), service_level_goal(briefing)
    ground = high - (size + 6 if hours else 4)
    values = [(half.start, half.service_level.value) for half in axis.halves if half.service_level]

    def place(value: float) -> float:
        return 6 + (ground - 6) * (1 - value) / (1 - _LOWEST)

    def shapes() -> Iterator[str]:
        for insight in briefing.insights:
            if insight.kind == "worst_run":
                x_left, x_right = (axis.place(insight.figures[edge]) for edge in ("start", "end"))  # type: ignore[arg-type]
                yield _box(x_left, place(1), x_right - x_left, ground - place(1), "#FDF3F2")
        for fifth in range(2, 6):
            yield from _tick(wide, place(fifth / 5), f"{fifth * 20}", size)
        for start, value in values:
            top, bottom = sorted((place(value), place(goal)))
            yield _box(_bar_left(axis, start), top, axis.slot * _FILL, bottom - top, _BAR if value >= goal else _BAD, 2)
        yield f'<path d="M{_LEFT} {place(goal):.2f}H{wide}" stroke="{_INK}" stroke-width="1.4"/>'
        start, worst = min(values, key=lambda item: item[1])
        label = f"{_WORDS.percent(worst, 0)} at {_WORDS.clock(start)}"
        yield _text(axis.place(start) + axis.slot * 1.5, place(worst) + 3, label, size, _BAD, strong=True)
        yield _text(wide, place(goal) + size + 3, f"target {_WORDS.percent(goal, 0)}", size, _INK, anchor="end")
        yield from _hours(axis, high, size, hours)

    return _drawing(wide, high, shapes())


def volume(briefing: Briefing, wide: float, high: float, size: float, hours: str, lines: int) -> Markup:
    """Contacts offered by half-hour, the abandoned ones from the ground, with about so many grid lines."""
    axis, ground = _axis(briefing, wide), high - size - 6
    most = max(half.counts.offered or 0 for half in axis.halves)
    step = volume_chart.grid_step(most, lines)
    scale = (ground - 6) / (step * -(-most // step))

    def shapes() -> Iterator[str]:
        for value in range(0, most + step, step):
            yield from _tick(wide, ground - value * scale, _WORDS.count(value), size)
        for half in axis.halves:
            for number, colour in ((half.counts.offered or 0, "#7690B8"), (half.counts.abandoned or 0, _BAD)):
                tall = number * scale
                yield _box(_bar_left(axis, half.start), ground - tall, axis.slot * _FILL, tall, colour)
        yield from _hours(axis, high, size, hours)

    return _drawing(wide, high, shapes())


def trend(
    values: Sequence[float], goal: float | tuple[float, float] | None, dot: str, wide: float, high: float
) -> Markup:
    """The last ten business days, the goal as dashes or as a band."""
    edges = () if goal is None else goal if isinstance(goal, tuple) else (goal,)
    low, top = min(*values, *edges), max(*values, *edges)
    radius = 3.6 if high > 20 else 1.9
    margin = radius * 1.28

    def place(value: float) -> float:
        return margin + (high - 2 * margin) * (top - value) / (top - low)

    step = (wide - 2 * margin) / (len(values) - 1)
    points = [(margin + step * number, place(value)) for number, value in enumerate(values)]

    def shapes() -> Iterator[str]:
        if len(edges) == 1:
            yield f'<path d="M0 {place(edges[0]):.2f}H{wide}" stroke="#64748B" stroke-dasharray="3 2.6"/>'
        elif edges:
            yield _box(0, place(edges[1]), wide, place(edges[0]) - place(edges[1]), "#E6EBF2")
        path = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
        yield f'<path d="M{path}" fill="none" stroke="#1F4E8C" stroke-width="{radius * 0.45:.2f}"/>'
        for r, colour in ((margin, "#fff"), (radius, dot)):
            yield f'<circle cx="{points[-1][0]:.2f}" cy="{points[-1][1]:.2f}" r="{r:.2f}" fill="{colour}"/>'

    return _drawing(wide, high, shapes())


def _axis(briefing: Briefing, wide: float) -> TimeAxis:
    axis = TimeAxis.for_day(briefing.half_hours, _LEFT, wide)
    if axis is None:
        raise ValueError("the briefing that is printed has no half-hour with contacts")
    return axis


def _bar_left(axis: TimeAxis, start: datetime) -> float:
    return axis.place(start) + axis.slot * (1 - _FILL) / 2


def _hours(axis: TimeAxis, high: float, size: float, form: str) -> Iterator[str]:
    """Every hour that fits below the chart, in this form of `strftime`."""
    step_hours = 2 if form == "%H" else 1
    for half in axis.halves:
        if form and half.start.minute == 0 and half.start.hour % step_hours == 0:
            middle = axis.place(half.start) + axis.slot / 2
            yield _text(middle, high - 3, f"{half.start:{form}}", size, "#475569", anchor="middle")


def _tick(wide: float, y: float, label: str, size: float) -> Iterator[str]:
    yield f'<path d="M{_LEFT} {y:.2f}H{wide}" stroke="{_RULE}" stroke-width="0.75"/>'
    yield _text(_LEFT - 6, y + size * 0.36, label, size, "#475569", anchor="end")


def _box(x: float, y: float, wide: float, high: float, colour: str, radius: float = 0) -> str:
    place = f'x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}"'
    return f'<rect {place} rx="{radius}" fill="{colour}"/>'


def _text(
    x: float, y: float, text: str, size: float, colour: str, *, anchor: str = "start", strong: bool = False
) -> str:
    look = f'font-size="{size}" font-weight="{600 if strong else 400}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{x:.2f}" y="{y:.2f}" {look}>{escape(text)}</text>'


def _drawing(wide: float, high: float, parts: Iterable[str]) -> Markup:
    size = f'width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}"'
    return Markup(f"<svg {size}>{''.join(parts)}</svg>")  # noqa: S704 - numbers of ours, texts escaped
