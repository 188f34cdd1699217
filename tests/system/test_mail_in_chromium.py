"""The mail on a phone, in a real browser: nothing is wider than 390 px."""

from __future__ import annotations

import dataclasses
import html
import re
import subprocess
from pathlib import Path

import pytest

from renderers import render_message
from tests.system.browser import FLAGS, chromium
from tests.unit.renderers.conftest import SAMPLE
from tests.waiting import HANG_SECONDS
from worker.domain.briefing.content import Briefing, Completeness, Counts, Notice
from worker.domain.rows import Gap

PHONE = 390
MEASURE = """
<!DOCTYPE html><body style="margin:0">
<iframe id="phone" width="{width}" height="3600" style="border:0" srcdoc="{mail}"></iframe>
<script>
addEventListener("load", () => {{
  const page = document.getElementById("phone").contentDocument;
  const cells = [...page.querySelectorAll("td, div, h1, h2, span")].filter(cell => cell.offsetWidth > 0);
  document.body.dataset.scroll = page.documentElement.scrollWidth;
  const overflowing = cells.filter(cell => cell.clientWidth > 0 && cell.scrollWidth > cell.clientWidth);
  document.body.dataset.wider = overflowing.length;
  document.body.dataset.right = Math.ceil(Math.max(...cells.map(cell => cell.getBoundingClientRect().right)));
}});
</script>
"""
UNBROKEN = dataclasses.replace(
    SAMPLE,
    revision=2,
    group_title="Donaudampfschifffahrtsgesellschaftskapitänsmützenabteilung" * 3,
    queues=tuple(dataclasses.replace(line, name="Unterbrechungslos" * 30) for line in SAMPLE.queues),
    completeness=Completeness((Gap("partial", "wfm:historicalAdherence:view:" * 8),), SAMPLE.completeness.notes),
)
HUNDREDS_OF_MILLIONS = dataclasses.replace(
    SAMPLE, language="de", counts=Counts(1_234_567_890, 1_134_567_890, 123_456_789, 999_999_999, 93.6e6, 362e6)
)
NOTICE = Notice(
    run_id="r",
    group_key="support",
    group_title="Support",
    reporting_day=SAMPLE.reporting_day,
    revision=1,
    window=SAMPLE.window,
    zone="America/Argentina/ComodRivadavia",
    generated_at=SAMPLE.generated_at,
    kind="holiday",
    holiday_name="Nationalfeiertag" * 10,
    last_business_day=SAMPLE.reporting_day,
)


def run_chromium(page: Path, profile: Path, *flags: str) -> str:
    command = [chromium(), *FLAGS, "--window-size=800,3600", f"--user-data-dir={profile}", *flags, page.as_uri()]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=HANG_SECONDS).stdout


def on_a_phone(subject_matter: Briefing | Notice, folder: Path) -> Path:
    page = folder / "phone.html"
    mail = html.escape(render_message(subject_matter).html)
    page.write_text(MEASURE.format(width=PHONE, mail=mail), encoding="utf-8")
    return page


@pytest.mark.system
@pytest.mark.parametrize(
    "subject_matter",
    [SAMPLE, UNBROKEN, HUNDREDS_OF_MILLIONS, NOTICE],
    ids=["a day", "unbroken names", "huge counts", "a notice"],
)
def test_nothing_is_wider_than_a_phones_screen_or_its_cell(subject_matter: Briefing | Notice, tmp_path: Path) -> None:
    page = on_a_phone(subject_matter, tmp_path)
    measured = run_chromium(page, tmp_path / "profile", "--dump-dom")
    edges = {name: int(value) for name, value in re.findall(r'data-(scroll|right|wider)="(\d+)"', measured)}
    assert edges.keys() == {"scroll", "right", "wider"}
    assert edges["wider"] == 0
    assert max(edges.values()) <= PHONE


@pytest.mark.system
def test_the_mail_is_dark_where_the_reader_prefers_it(tmp_path: Path) -> None:
    page = on_a_phone(SAMPLE, tmp_path)
    pictures = {}
    for scheme, number in (("light", 1), ("dark", 0)):
        picture = tmp_path / f"{scheme}.png"
        run_chromium(
            page, tmp_path / scheme, f"--screenshot={picture}", f"--blink-settings=preferredColorScheme={number}"
        )
        pictures[scheme] = picture.read_bytes()
    assert pictures["light"][:4] == pictures["dark"][:4] == b"\x89PNG"
    assert pictures["light"] != pictures["dark"]
