"""Patterns of sentences: a template with typed fields, read by the rules of one language.

A template is the sentence itself, with ``{name:type}`` for each value and ``[…]`` around what may be missing:
``{late:count} of {all:count} late answer[s]``. The types are the keys of `Language.patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.checker.rounding import Written
from worker.domain.rows import Gap

Values = Mapping[str, Any]
"""What a statement says: `Written` numbers and words, by the template's field names."""

_FIELD = re.compile(r"\{(\w+):(\w+)\}")
_MINUS = "−"
_ONE_OF_TWO = "(?:(?:[Ff]irst|[Ss]econd|[Ee]rstes|[Zz]weites) )?"
_MOVABLE = "(?:in training|in meetings|at a meal|in Schulung|in Besprechungen|in der Essenspause)"
_LONG_DATE = r"\d+\.? "


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that a template knows: its kind, its text, what it says, and where it ends in the passage."""

    kind: str
    text: str
    values: Values
    end: int


@dataclass(frozen=True)
class Language:
    """How one language writes numbers and days, its fixed words, and its sentences by role and kind."""

    code: str
    decimal: str
    group: str
    metrics: Mapping[str, str]
    statuses: Mapping[str, str]
    media: Mapping[str, str]
    headings: Mapping[str, str]
    figures: Mapping[str, str]
    columns: Mapping[str, str]
    weekdays: Sequence[str]
    long_weekdays: Sequence[str]
    months: Sequence[str]
    long_months: Sequence[str]
    date_form: str
    points: str
    points_in_table: str
    joiner: str
    sentences: Mapping[str, Sequence[tuple[str, str]]]
    tones: Mapping[str, str] = field(default_factory=dict)
    talk_signs: Mapping[str, str] = field(default_factory=dict)
    """What the shape beside a talking point says to a screen reader."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What a correction calls the parts of a day that changed."""
    targets: str = ""
    """What a correction calls the number of targets that were missed."""
    labels: frozenset[str] = frozenset()
    """The labels of the facts."""
    window_labels: Sequence[str] = ()
    """The workbook's labels of the window's start and end."""
    gaps: Mapping[str, str] = field(default_factory=dict)
    """What is missing, by the name of the gap's text, in a language other than English."""

    def gap(self, gap: Gap) -> str:
        """Return what is missing, with names from outside as they are."""
        return self.gaps[gap.text].format(**gap.values) if gap.text in self.gaps else gap.detail

    @cached_property
    def patterns(self) -> Mapping[str, str]:
        """The regular expression of each type of field."""
        number = rf"\d{{1,3}}(?:\{self.group}\d{{3}})+|\d+"
        whole, real = f"(?:{number})", rf"(?:{number})(?:\{self.decimal}\d+)?"
        clock = rf"\d\d:\d\d(?: UTC[+{_MINUS}-]\d+(?::\d\d)?)?"
        time = rf"\d+:\d\d(?::\d\d)?(?:\{self.decimal}\d+)?"
        return {
            "count": f"[{_MINUS}-]?{whole}",
            "just_one": "1",
            "more_than_one": rf"(?!1 ){whole}",
            "missing": rf"(?:up to |about )?{whole} short|(?:bis zu |etwa )?(?:1 fehlt|(?!1 ){whole} fehlen)",
            "missing_people": "[Ss]hort of people|[Oo]ne person short",
            "one_missing": "ein Agent",
            "some_missing": "Agenten",
            "average": real,
            "percent": rf"[+{_MINUS}-]?{real} ?%",
            "points": rf"[+{_MINUS}-]?{real} (?:{self.points}|{self.points_in_table}|points|Prozentpunkte)",
            "seconds": rf"[+{_MINUS}-]?{whole} s",
            "duration": rf"{time}|\d+ s|–",
            "stretch": rf"{whole} h \d\d|{whole} min|{self._words(('minute', 'minutes', 'Minuten', 'Minute'), whole)}",
            "clock": clock,
            "span": rf"{_ONE_OF_TWO}{clock}–{_ONE_OF_TWO}\d\d:\d\d(?: UTC[+{_MINUS}-]\d+(?::\d\d)?)?",
            "movable": rf"{whole} {_MOVABLE}(?:, {whole} {_MOVABLE})*",
            "goal": rf"[≥≤] {real} ?%|{real}–{real} ?%",
            "longer_by": rf"[+{_MINUS}-]\d+:\d\d(?::\d\d)?",
            "times": f"{time}–{time}",
            "counts": f"{whole}–{whole}",
            "metric": self._any_of(self.metrics),
            "status": self._any_of(self.statuses),
            "medium": self._any_of(self.media),
            "medium_first": self._any_of([word[:1].upper() + word[1:] for word in self.media]),
            "tone": self._any_of(self.tones),
            "weekday": self._any_of(self.weekdays),
            "weekdays": self._any_of(self.long_weekdays),
            "on_weekday": self._any_of([self.on_weekday(number) for number in range(7)]),
            "day": self._day,
            "long_day": rf"(?:{self._any_of(self.long_weekdays)}),? {_LONG_DATE}(?:{self._any_of(self.long_months)})",
            "days": rf"{self._date}(?:, {self._date})*",
            "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?[+-]\d\d:\d\d",
            "zone": r"[A-Z][A-Za-z_]+(?:/[A-Za-z_+-]+\d*)+|UTC",
            "sign": "[▲▼=]",
            "side": "low|high|niedrig|hoch",
            "off_goal": "(?:below|above) goal|(?:unter|über) Ziel",
            "date": r"\d{4}-\d\d-\d\d",
            "incomplete": " - (?:incomplete data|unvollständige Daten)",
            "figure": rf"{whole} (?:of|von) {whole}|{real} ?%|\d+:\d\d(?::\d\d)?|{whole}",
            "followed": rf"{real} ?%|\d+:\d\d(?::\d\d)?|1 (?:agent|contact|Agent|Kontakt)"
            rf"|(?!1 ){whole} (?:agents|contacts|Agenten|Kontakte)",
            "better": "Better|Besser",
            "outcome": "Open|Again|Better|Gone|Cannot tell|Still outside"
            "|Offen|Wieder|Besser|Erledigt|Unklar|Noch außerhalb",
            "name": ".+?",
            "signed": rf"[+{_MINUS}-]?{real}",
            "part": rf"{whole}|less than 1|weniger als 1",
            "one_point": "1|less than 1|weniger als 1",
            "some_points": rf"(?!1 ){whole}",
            "cause": rf"(?:[^,.]|(?<=\d)\{self.group}(?=\d))+",
            "whole_parts": rf"[^.]+ [+{_MINUS}]?\d+",
            "more": "More|Fewer|Mehr|Weniger",
            "longer": "Longer|Shorter|Längere|Kürzere",
            "parts": rf"{self.changed_part}(?:, {self.changed_part})*",
            "rest": ".+",
            "names": r"[^.]+",
        }

    @property
    def changed_part(self) -> str:
        """The expression of one part that changed: "2 half-hours (14:00, 15:00)", "2 agents", "what is missing"."""
        clock = rf"\d\d:\d\d(?: UTC[+{_MINUS}-]\d+(?::\d\d)?)?"
        names = "|".join(_literal(name) for name in self.parts.values())
        return rf"(?:\d+ )?(?:{names})(?: \({clock}(?:, {clock})*\))?"

    @property
    def _date(self) -> str:
        months = self._any_of([month.rstrip(".") for month in self.months])
        return rf"\d+\.?(?: (?:{months})\.?)?"

    @property
    def _day(self) -> str:
        return rf"(?:{self._any_of(self.weekdays)}) {self._date}"

    @cached_property
    def compiled(self) -> Mapping[str, Sequence[tuple[str, re.Pattern[str], Mapping[str, str]]]]:
        """For each role its kinds with their expression and the types of its fields."""
        return {
            role: [(kind, *self._compile(template)) for kind, template in templates]
            for role, templates in self.sentences.items()
        }

    def without_medium(self, text: str) -> tuple[str, str]:
        """A name or label without the medium in brackets behind it, and the medium; "" where there is none."""
        match = re.fullmatch(rf"(.+) \(({self.patterns['medium']})\)", text)
        return (match[1], self.media[match[2]]) if match else (text, "")

    def without_medium_before(self, text: str) -> tuple[str, str]:
        """A sentence without the medium and a colon before it, and the medium; "" where there is none."""
        words = {word[:1].upper() + word[1:]: medium for word, medium in self.media.items()}
        match = re.match(rf"({self._any_of(words)}): ", text)
        if match is None:
            return text, ""
        rest = text[match.end() :]
        return rest[:1].upper() + rest[1:], words[match[1]]

    def read(self, role: str, text: str) -> Match | None:
        """The statement that the whole text is."""
        for kind, pattern, types in self.compiled.get(role, ()):
            match = pattern.fullmatch(text)
            if match:
                return self._match(kind, match, types)
        return None

    def begins(self, role: str, text: str) -> bool:
        """Whether a text begins with a statement of this role."""
        return next(self._starting(role, text, 0), None) is not None

    def read_all(self, role: str, text: str) -> Iterator[Match | str]:
        """The statements of a text one after the other; a rest that no template knows as it is."""
        position = 0
        while position < len(text):
            match = self._first(role, text, position)
            if match is None:
                yield text[position:]
                return
            yield match
            position = match.end + 1

    def _first(self, role: str, text: str, position: int) -> Match | None:
        """The longest match of the first kind that has any."""
        matches = list(self._starting(role, text, position))
        same_kind = [match for match in matches if match.kind == matches[0].kind]
        return max(same_kind, key=lambda match: match.end, default=None)

    def long_day(self, day: date) -> str:
        """Wednesday 21 October 2026."""
        weekday, month = self.long_weekdays[day.weekday()], self.long_months[day.month - 1]
        return self.date_form.format(weekday=weekday, day=day.day, month=month, year=day.year)

    def on_weekday(self, weekday: int) -> str:
        """On Wed, am Mi."""
        return f"{'am' if self.code == 'de' else 'on'} {self.weekdays[weekday]}"

    def number(self, text: str) -> Written:
        """A number as this language writes it; units and signs for better and worse are left out."""
        digits = re.sub(rf"[^\d\{self.decimal}]", "", text)
        whole, _, fraction = digits.partition(self.decimal)
        negative = text.lstrip().startswith(("-", _MINUS))
        value = Fraction(int(whole + fraction), 10 ** len(fraction))
        return Written(-value if negative else value, len(fraction))

    def _starting(self, role: str, text: str, position: int) -> Iterator[Match]:
        for kind, pattern, types in self.compiled.get(role, ()):
            match = pattern.match(text, position)
            if match:
                yield self._match(kind, match, types)

    def _match(self, kind: str, match: re.Match[str], types: Mapping[str, str]) -> Match:
        values = {name: self._value(types[name], text) for name, text in match.groupdict().items() if text}
        return Match(kind, match.group(), values, match.end())

    def _value(self, kind: str, text: str) -> Any:
        if kind in ("count", "just_one", "more_than_one", "average", "percent", "points", "seconds", "signed"):
            return self.number(text)
        words: Mapping[str, Mapping[str, str]] = {
            "metric": self.metrics,
            "status": self.statuses,
            "tone": self.tones,
            "medium": self.media,
        }
        return words[kind][text] if kind in words else text

    def _compile(self, template: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
        types: dict[str, str] = {}
        expression, position = "", 0
        for match in _FIELD.finditer(template):
            name, kind = match.groups()
            types[name] = kind
            expression += _literal(template[position : match.start()]) + f"(?P<{name}>{self.patterns[kind]})"
            position = match.end()
        expression += _literal(template[position:])
        return re.compile(expression + r"(?= |$)"), types

    @staticmethod
    def _any_of(words: Sequence[str] | Mapping[str, str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"

    @staticmethod
    def _words(words: Sequence[str], number: str) -> str:
        return "|".join(f"{number} {word}" for word in words)


def _literal(text: str) -> str:
    """Fixed text; ``[…]`` around what may be missing."""
    return re.escape(text).replace(r"\[", "(?:").replace(r"\]", ")?").replace(r"\ ", " ")
