"""Names in Chinese and Korean from the settings to the mailbox, with a damaged font in the settings."""

from __future__ import annotations

import email
import email.policy
import io
import json
from pathlib import Path

import pikepdf

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from worker.domain.runs import RunState

FONTS = Path(__file__).parents[2] / "unit" / "renderers" / "pdf" / "fonts"
TITLE, QUEUE = "고객 지원", "客户服务"


def prepare(installation: Installation) -> Path:
    """Write a group with such names, and settings with a damaged font before two good ones; return the damaged one."""
    damaged = installation.folder / "damaged.ttc"
    damaged.write_bytes((FONTS / "han.ttc").read_bytes()[:9_000])
    installation.start_sandbox({"groups": {"support": sandbox_group(QUEUE)}})
    installation.write_groups({"support": group(TITLE, QUEUE, deliver={"email": ["lead@example.com"]})})
    installation.configure(FONTS=f"{damaged},{FONTS / 'han.ttc'},{FONTS / 'korean.ttf'}")
    return damaged


def font_names(content: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        names = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    return {name.partition("+")[2].partition("-")[0] for name in names}


def test_worker_and_preview_draw_chinese_names_and_report_a_damaged_font(installation: Installation) -> None:
    damaged = prepare(installation)
    installation.start_worker()
    assert installation.brief("support", DAY).state == RunState.DELIVERED
    mail = email.message_from_bytes(installation.mails()[0].read_bytes(), policy=email.policy.default)
    (pdf,) = [part.get_content() for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert {"TestHanChinese", "TestKorean"} <= font_names(pdf)
    texts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    assert all(name in text for text in texts for name in (TITLE, QUEUE))
    (render,) = [event for event in story(installation) if event["step"] == "render"]
    assert str(damaged) in render["detail"]
    assert "is damaged" in render["detail"]
    assert "boxes" not in render["detail"]

    folder = installation.folder / "preview"
    installation.standup("preview", "support", "--date", str(DAY), "--out", str(folder), "--json")
    (preview,) = folder.glob("*.pdf")
    assert font_names(preview.read_bytes()) == font_names(pdf)


def story(installation: Installation) -> list[dict[str, str]]:
    timeline: list[dict[str, str]] = json.loads(installation.standup("explain", f"support:{DAY}", "--json"))["timeline"]
    return timeline
