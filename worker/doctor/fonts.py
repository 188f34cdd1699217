"""Whether the pages can show every name: fonts that the settings name, and the letters of titles and queues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worker.doctor.finding import Finding, ok, warning
from worker.domain.groups import Group
from worker.wiring import Parts

_INSTALL = (
    "Install a font where the workers run, e.g. by `apt-get install fonts-wqy-microhei` or as the extra "
    '"standup-briefings[cjk]", or name a file in STANDUP_FONTS (docs/languages.md), and start the workers anew.'
)


def check(parts: Parts, groups: Iterable[Group]) -> Iterator[Finding]:
    """Named files that are none, then groups with letters that would be boxes. Agents' names are not known here."""
    from renderers.pdf.text import fallback

    faults = fallback.faults(parts.fonts)
    for fault in faults:
        yield warning("fonts", fault, "Correct STANDUP_FONTS: it is left out, and other fonts are asked.")
    boxes = [warning(f"group {group.key}", told, _INSTALL) for group in groups if (told := _boxes(parts, group))]
    yield from boxes
    if not faults and not boxes:
        yield ok("fonts", _at_hand(list(fallback.names(parts.fonts))))


def _boxes(parts: Parts, group: Group) -> str:
    """What its pages would be remarked for; "" where every letter has a face."""
    from renderers.pdf.text import fallback, scripts, typefaces
    from renderers.words import tidy

    shown = [tidy(name) for name in (group.title, *group.queues) if not name.startswith("id:")]
    with fallback.using(parts.fonts):
        lacking = set().union(*(scripts.lay_out(name, typefaces.MEDIUM).boxed for name in shown))
    return scripts.describe_missing(lacking) if lacking else ""


def _at_hand(names: list[str]) -> str:
    if not names:
        return "no group's title or queue needs another font than the shipped ones, and there is none"
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"names that the shipped fonts cannot show, e.g. in Chinese, are shown in {names[0]}{more}"
