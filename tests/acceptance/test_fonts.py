"""Names in Chinese and Korean from the settings to the mailbox, with one font named that is none."""

from __future__ import annotations

import email
import email.policy
import io
import json
from pathlib import Path

import pikepdf

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.domain.runs import RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
CUTS = Path(__file__).parents[1] / "unit" / "renderers" / "pdf" / "fonts"
TITLE, QUEUE = "고객 지원", "客户服务"


def furnish(installation: Installation) -> Path:
    """A group with such names, and settings that name a torn font before two whole ones; the torn one."""
    torn = installation.folder / "torn.ttc"
    torn.write_bytes((CUTS / "han.ttc").read_bytes()[:9_000])
    installation.start_sandbox(
        {"groups": {"support": {"zone": ZONE, "queues": [QUEUE], "agents": 4, "workdays": ALL_WEEK}}}
    )
    deliver = {"email": ["lead@example.com"]}
    installation.write_groups({"support": {"title": TITLE, "zone": ZONE, "queues": [QUEUE], "deliver": deliver}})
    installation.configure(FONTS=f"{torn},{CUTS / 'han.ttc'},{CUTS / 'korean.ttf'}")
    return torn


def fonts_of(made: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        names = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    return {name.partition("+")[2].partition("-")[0] for name in names}


def test_names_are_drawn_by_worker_and_preview_alike_and_a_torn_font_costs_nothing_but_a_word(
    installation: Installation,
) -> None:
    torn = furnish(installation)
    installation.start_worker()
    installation.standup("run", "support", "--date", str(DAY))
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED
    mail = email.message_from_bytes(installation.mails()[0].read_bytes(), policy=email.policy.default)
    (sent,) = [part.get_content() for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert {"TestHanChinese", "TestKorean"} <= fonts_of(sent)
    texts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    assert all(name in text for text in texts for name in (TITLE, QUEUE))
    (rendered,) = [each for each in story(installation) if each["step"] == "render"]
    assert f"the font {torn} cannot be used: it is no font, has no such face, or is damaged" in rendered["detail"]
    assert "boxes" not in rendered["detail"]

    out = installation.folder / "preview"
    installation.standup("preview", "support", "--date", str(DAY), "--out", str(out), "--json")
    (previewed,) = out.glob("*.pdf")
    assert fonts_of(previewed.read_bytes()) == fonts_of(sent)


def story(installation: Installation) -> list[dict[str, str]]:
    timeline: list[dict[str, str]] = json.loads(installation.standup("explain", f"support:{DAY}", "--json"))["timeline"]
    return timeline
