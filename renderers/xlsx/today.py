"""Sheet Today: the plan by half-hour, and who is off or starts later."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.tables import today
from renderers.words import Words
from renderers.xlsx.cells import put
from renderers.xlsx.looks import Look
from renderers.xlsx.sheet import Sheet
from renderers.xlsx.table import write_table
from worker.domain.today.outlook import Outlook, PersonToday


def fill(sheet: Sheet, words: Words, outlook: Outlook) -> None:
    """Write a row per half-hour and medium, then the people, then what must be known to read them."""
    row = 1
    if lines := today.lines(outlook):
        row = write_table(sheet, words, "Today", today.columns(words), lines, frozen=2).last_row + 2
    absent = words.say("Off today: {number}", number=words.count(len(outlook.absent)))
    start_later = words.say("Start later: {number}", number=words.count(len(outlook.start_later)))
    row = _write_people(sheet, words, absent, outlook.absent, row)
    row = _write_people(sheet, words, start_later, outlook.start_later, row)
    remarks = (*words.today(outlook).lines, *words.plan_notes(outlook), words.people_not_known(outlook))
    for offset, remark in enumerate(filter(None, remarks)):
        put(sheet, row + offset, 1, remark, Look.REMARK)


def _write_people(sheet: Sheet, words: Words, head: str, people: Sequence[PersonToday], top: int) -> int:
    if not people:
        return top
    put(sheet, top, 1, head, Look.SECTION)
    for offset, person in enumerate(people, 1):
        put(sheet, top + offset, 1, words.person(person), Look.SENTENCE)
    return top + len(people) + 2
