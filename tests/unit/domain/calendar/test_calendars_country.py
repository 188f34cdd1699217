from __future__ import annotations

from datetime import date

import holidays
import pytest

from worker.domain.calendar.holidays import country_holiday_on
from worker.errors import SettingsError


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "expected"),
    [
        ("DE", None, "2026-12-25", "Christmas Day"),  # in English whatever the machine's language
        ("DE", None, "2026-12-24", None),
        ("DE", "BY", "2026-01-06", "Epiphany"),
        ("DE", "BE", "2026-01-06", None),
        ("DE", "Bayern", "2026-01-06", "Epiphany"),
        ("US", "NY", "2026-07-03", "Independence Day (observed)"),
        ("JP", None, "2026-01-01", "New Year's Day"),
        ("CL", None, "2026-09-18", "Independence Day"),
    ],
)
def test_public_holidays_are_known_by_country_and_subdivision(
    country: str, subdivision: str | None, day: str, expected: str | None
) -> None:
    assert country_holiday_on(country, subdivision, date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("country", "subdivision", "language", "day", "expected"),
    [
        ("DE", "BY", "de", "2026-04-03", "Karfreitag"),
        ("DE", "BY", "en", "2026-04-03", "Good Friday"),
        ("CH", "ZH", "de", "2026-04-03", "Karfreitag"),
        ("US", None, "de", "2026-12-25", "Christmas Day"),
        ("LU", None, "de", "2024-05-09", "Christi Himmelfahrt und Europatag"),
        ("LU", None, "en", "2024-05-09", "Ascension Day and Europe Day"),
        ("US", None, "en", "2026-12-24", None),
    ],
)
def test_a_holiday_is_named_in_the_groups_language_where_the_library_has_it(
    country: str, subdivision: str | None, language: str, day: str, expected: str | None
) -> None:
    assert country_holiday_on(country, subdivision, date.fromisoformat(day), language=language) == expected


@pytest.mark.parametrize(
    ("country", "subdivision", "near_names"),
    [
        ("XX", None, 'country "XX".*two capitals'),
        ("de", None, 'country "de".*DE'),
        ("DE", "XX", '"XX" is known in DE.*BY'),
        ("IS", "X", "Expected none: leave subdivision out"),
    ],
)
def test_an_unknown_place_is_an_error_that_lists_those_near(
    country: str, subdivision: str | None, near_names: str
) -> None:
    with pytest.raises(SettingsError, match=near_names):
        country_holiday_on(country, subdivision, date(2026, 12, 25))


def test_hong_kongs_good_friday_is_a_holiday_with_the_librarys_optional_category() -> None:
    good_friday = date(2026, 4, 3)
    assert country_holiday_on("HK", None, good_friday) is None
    assert country_holiday_on("HK", None, good_friday, ("public", "optional")) == "Good Friday"


@pytest.mark.parametrize(
    ("country", "subdivision", "category", "public_holiday", "other_holiday"),
    [("HK", None, "optional", "2026-04-05", "2026-04-03"), ("DE", "BY", "catholic", "2026-12-25", "2026-08-15")],
)
def test_a_category_adds_to_the_public_holidays_and_switches_none_off(
    country: str, subdivision: str | None, category: str, public_holiday: str, other_holiday: str
) -> None:
    public_day, other_day = date.fromisoformat(public_holiday), date.fromisoformat(other_holiday)
    assert country_holiday_on(country, subdivision, public_day, (category,)) is not None
    assert country_holiday_on(country, subdivision, other_day, (category,)) is not None
    assert country_holiday_on(country, subdivision, other_day) is None


@pytest.mark.parametrize("country", sorted(holidays.list_supported_countries(include_aliases=False)))
def test_each_country_has_the_category_of_public_holidays(country: str) -> None:
    assert "public" in holidays.country_holidays(country, expand=False).supported_categories


@pytest.mark.parametrize(("country", "category"), [("HK", "bank"), ("GB", "optional"), ("DE", "Public")])
def test_a_category_that_the_country_does_not_have_is_refused_with_those_it_has(country: str, category: str) -> None:
    with pytest.raises(SettingsError, match=f'no category "{category}".*Expected categories out of .*public'):
        country_holiday_on(country, None, date(2026, 4, 3), (category,))
