"""What the examination says of fonts: a broken one by its setting, and groups whose names would be boxes."""

from __future__ import annotations

from pathlib import Path

from renderers.font_files import Fonts
from tests.unit.doctor.test_needs import group
from worker.doctor import fonts
from worker.doctor.finding import Level

CUTS = Path(__file__).parents[1] / "renderers" / "pdf" / "fonts"


def test_a_font_setting_that_names_no_font_is_reported() -> None:
    (finding,) = fonts.check(Fonts(("/no/such.ttf",)), [group()])
    assert finding.level == Level.WARNING
    assert finding.fact == "the font /no/such.ttf cannot be used: it cannot be read"
    assert "STANDUP_FONTS" in finding.way_out


def test_names_without_a_font_give_a_warning_with_the_package_to_install() -> None:
    groups = [group(), group("two", title="客户服务"), group("three", queues=["Q", "고객", "id:客"])]
    two, three = fonts.check(Fonts(), groups)
    assert (two.area, two.level) == ("group two", Level.WARNING)
    assert two.fact.endswith("4 (CJK)")
    assert three.fact.endswith("2 (HANGUL)")
    assert "fonts-wqy-microhei" in two.way_out


def test_names_that_the_shipped_fonts_have_need_no_other() -> None:
    (finding,) = fonts.check(Fonts(), [group(title="خدمة Zażółć 🚀", queues=["ग्राहक सेवा"])])
    assert finding.level == Level.OK
    assert "no other font is installed" in finding.fact


def test_an_installed_font_for_the_names_is_reported() -> None:
    font_files = (f"{CUTS}/han.ttc#0", f"{CUTS}/korean.ttf")
    (finding,) = fonts.check(Fonts(font_files), [group(title="客户服务", queues=["고객"])])
    assert finding.level == Level.OK
    assert f"{CUTS}/han.ttc#0 and 1 more" in finding.fact
