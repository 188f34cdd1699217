"""``python -m tests.gallery docs/gallery``: make every picture of the gallery again from the tests' sample day."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from renderers import pdf, render_message, xlsx
from renderers.font_files import FOLDERS, Fonts
from tests.gallery import board, days, pictures
from tests.unit.renderers.conftest import SAMPLE as UNORDERED
from worker.domain.briefing.content import Correction, RevisedFigure
from worker.domain.groups import Table

SAMPLE = dataclasses.replace(
    UNORDERED,
    queues=tuple(
        sorted(UNORDERED.queues, key=lambda line: (line.service_level.status != "missed", -(line.counts.late or 0)))
    ),
)
"""The sample day with its queues in the order of a briefing."""

NAMES = ("خدمة العملاء", "دعم VIP (24/7) عملاء", "תמיכה טכנית", "Support תמיכה (EN)", "ग्राहक सेवा हिन्दी", "क्षत्रिय श्री")
NAMES += (
    "ฝ่ายบริการลูกค้า",
    "客户服务 · VIP 客户 (EN)",
    "技術サポート · 고객 지원",
    "Team 👩\u200d👩\u200d👧 🚀",
    "<img src=x> & =1+1",
    "\u202eevil" * 20,
)


def phone() -> Image.Image:
    return pictures.side_by_side(pictures.pages(pdf.render(days.with_plan("en")), 0.82))


def a4() -> Image.Image:
    return pictures.side_by_side(pictures.pages(pdf.render(days.with_plan("en"), "a4"), 1.5))


def mail() -> Image.Image:
    source = render_message(days.with_plan("en")).html
    return pictures.mails([source, source, pictures.dark(source)], [390, 640, 390], 1900, 0.75)


def workbook() -> Image.Image:
    return pictures.side_by_side([pictures.trimmed(pictures.sheets(xlsx.render(SAMPLE), 1.35, 1)[0])])


def german() -> Image.Image:
    return pictures.side_by_side(pictures.pages(pdf.render(days.with_plan("de"), "a4"), 1.2))


def german_phone() -> Image.Image:
    """The first pages of the same day in German."""
    return pictures.side_by_side(pictures.pages(pdf.render(days.with_plan("de")), 0.82))


def beginnings() -> Image.Image:
    """Page one of a group's first day, of a group with few contacts, and of one without a plan, in both languages."""
    documents = (days.first_day("en"), days.small_group("en"), days.without_plan("en"), days.first_day("de"))
    return pictures.side_by_side(
        [picture for document in documents for picture in pictures.some_pages(document, 0.82, 1)]
    )


def corrected() -> Image.Image:
    changes = (
        RevisedFigure("metric", "service_level", 0.769, 0.775),
        RevisedFigure("metric", "adherence", None, 0.908),
        RevisedFigure("count", "offered", 5_401, 5_438),
        RevisedFigure("queue", "Billing EN", 0.65, 0.701),
    )
    second = dataclasses.replace(SAMPLE, revision=2, correction=Correction(1, changes))
    return pictures.side_by_side(pictures.some_pages(pdf.render(second), 0.82, 1, 5))


def media() -> Image.Image:
    """Page one, the page Why and the queues of a day with voice and email."""
    return pictures.side_by_side(pictures.some_pages(days.several_media("en"), 0.82, 1, 2, 4))


def thin() -> Image.Image:
    """Queues with few contacts: page one and the page of queues, and page one in German."""
    english, german = days.thin_queues("en"), days.thin_queues("de")
    return pictures.side_by_side([*pictures.some_pages(english, 0.82, 1, 4), *pictures.some_pages(german, 0.82, 1)])


def waits() -> Image.Image:
    """Emails that waited for more than a day: pages one and two, and the queues in German."""
    english, german = days.waits_of_26_hours("en"), days.waits_of_26_hours("de")
    return pictures.side_by_side([*pictures.some_pages(english, 0.82, 1, 3), *pictures.some_pages(german, 0.82, 4)])


def no_verdict() -> Image.Image:
    """An incomplete day: page one and the completeness panel, and page one in German."""
    english, german = days.without_verdict("en"), days.without_verdict("de")
    return pictures.side_by_side([*pictures.some_pages(english, 0.82, 1, 3), *pictures.some_pages(german, 0.82, 1)])


def today() -> Image.Image:
    """A day whose next day is short of people: page Today and those after it; page one without a plan."""
    planned, unplanned = pdf.render(days.with_plan("en")), days.without_plan("en")
    return pictures.side_by_side(
        [*pictures.some_pages(planned, 0.82, 4, 5, 6), *pictures.some_pages(unplanned, 0.82, 1)]
    )


def scripts() -> Image.Image:
    """The page of queues with names in other scripts, one of them hostile; two take a font of this machine."""
    lines = zip(SAMPLE.queues, NAMES, strict=True)
    queues = tuple(dataclasses.replace(line, name=name) for line, name in lines)
    document = pdf.render(dataclasses.replace(SAMPLE, queues=queues), fonts=Fonts(folders=FOLDERS))
    return pictures.side_by_side([pictures.pages(document, 1.1)[2]])


def tables() -> Image.Image:
    """The full tables behind the pages, on a phone, and one of them on paper."""
    tables: tuple[Table, ...] = ("queues", "half_hours", "agents")
    on_a_phone = pictures.pages(pdf.render(SAMPLE, "phone", tables), 0.82, 7)[4:]
    on_paper = pictures.pages(pdf.render(SAMPLE, "a4", tables), 0.82)[1:2]
    return pictures.side_by_side([*on_a_phone, *on_paper])


GALLERY: dict[str, Callable[[], Image.Image]] = {
    "phone": phone,
    "a4": a4,
    "mail": mail,
    "workbook": workbook,
    "german": german,
    "german-phone": german_phone,
    "beginnings": beginnings,
    "corrected": corrected,
    "media": media,
    "thin": thin,
    "waits": waits,
    "no-verdict": no_verdict,
    "today": today,
    "scripts": scripts,
    "tables": tables,
    "board": board.board,
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in GALLERY.items():
        print(f"{name}.png {pictures.save(draw(), folder / f'{name}.png'):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/gallery"))
