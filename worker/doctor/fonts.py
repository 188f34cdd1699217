"""Check whether the pages can show every name: the configured fonts, and the letters of titles and queues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from renderers.font_files import Fonts
from worker.doctor.finding import Finding, ok, warning
from worker.domain.groups import Group

_INSTALL = (
    "Install a font where the workers run, e.g. by `apt-get install fonts-wqy-microhei` or as the extra "
    '"standup-briefings[cjk]", or name a file in STANDUP_FONTS (docs/languages.md), and restart the workers.'
)


def check(fonts: Fonts, groups: Iterable[Group]) -> Iterator[Finding]:
    """Yield unusable font files, then groups with letters that would be boxes. Agents' names are unknown here."""
    from renderers.pdf.text import fallback

    faults = fallback.faults(fonts)
    for fault in faults:
        yield warning(
            "fonts", fault, "Correct STANDUP_FONTS. Until then the file is ignored and other fonts are tried."
        )
    boxes = [
        warning(f"group {group.key}", letters, _INSTALL)
        for group in groups
        if (letters := _missing_letters(fonts, group))
    ]
    yield from boxes
    if not faults and not boxes:
        yield ok("fonts", _font_names(list(fallback.names(fonts))))


def _missing_letters(fonts: Fonts, group: Group) -> str:
    """Describe the letters that no font has, or return "" if there are none."""
    from renderers.pdf.text import fallback, scripts, typefaces
    from renderers.words import tidy

    names = [tidy(name) for name in (group.title, *group.queues) if not name.startswith("id:")]
    with fallback.using(fonts):
        letters = set().union(*(scripts.lay_out(name, typefaces.MEDIUM).boxed for name in names))
    return scripts.describe_missing(letters) if letters else ""


def _font_names(names: list[str]) -> str:
    if not names:
        return "the shipped fonts can show every group title and queue, and no other font is installed"
    rest = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"names that the shipped fonts cannot show, e.g. Chinese ones, use {names[0]}{rest}"
