"""Lines of Chinese, Japanese and Korean: cut between letters, wrapped without spaces."""

from __future__ import annotations

import unicodedata

import pytest

from renderers.pdf.text.typefaces import MEDIUM
from renderers.pdf.text.typesetting import Style, fit, width, wrap

pytestmark = pytest.mark.usefixtures("all_fonts")
BODY = Style(MEDIUM, 13)
CHINESE = "客户服务北京技術一二三，客户服务（北京）技術、テャッ一二三「客户」服务テャッサポート。"


def test_a_chinese_text_is_cut_between_letters() -> None:
    cut = fit("客户服务北京" * 9, BODY, 100)
    assert cut == "客户服务北京…"
    assert width(cut, BODY) <= 100


@pytest.mark.parametrize("limit", range(60, 260, 7))
def test_chinese_wraps_without_spaces_and_no_line_begins_with_a_closing_mark(limit: int) -> None:
    lines = wrap(CHINESE, BODY, limit, 99)
    assert "".join(lines) == CHINESE
    assert all(width(line, BODY) <= limit for line in lines)
    assert len(lines) <= width(CHINESE, BODY) / (limit - 52) + 1
    assert not [line for line in lines if unicodedata.category(line[0]) in ("Pe", "Po", "Lm") or line[0] in "ャッ"]
    assert not [line for line in lines if line[-1] in "「（"]


def test_korean_words_stay_whole_and_latin_text_keeps_its_spaces() -> None:
    assert wrap("고객지원 상담지원 고객상담", BODY, 80, 9) == ["고객지원", "상담지원", "고객상담"]
    text = "Well done: 客户服务北京技術一二三 was the best queue of the day."
    lines = wrap(text, BODY, 150, 9)
    assert " ".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines[0].startswith("Well done: 客户")


def test_what_goes_beyond_the_last_line_keeps_its_letters_together() -> None:
    assert wrap("客户服务北京技術一二三", BODY, 60, 2)[-1] == "北京技術一二三"
