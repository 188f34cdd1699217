"""Colours as PDF operands. Text has a contrast of at least 4.5 on white. Status never depends on colour alone."""

from __future__ import annotations

from worker.domain.metrics import Status


def _operands(hexadecimal: str) -> str:
    parts = (int(hexadecimal[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return " ".join(f"{part:.3f}" for part in parts)


WHITE = _operands("#FFFFFF")
INK = _operands("#0F172A")
INK_2 = _operands("#334155")
MUTED = _operands("#475569")
ON_INK = _operands("#D5DEEB")
GOOD = _operands("#0B6E69")
WATCH = _operands("#975A00")
BAD = _operands("#B3261E")
BAD_ON_INK = _operands("#E5483D")
WATCH_ON_INK = _operands("#F0B35A")
GOOD_ON_INK = _operands("#2BB5AB")
BAR = _operands("#6F8BB3")
PALE_BAR = _operands("#C9D4E4")
VOLUME = _operands("#7690B8")
LINE = _operands("#1F4E8C")
GOAL = _operands("#64748B")
RULE = _operands("#E2E8F0")
TRACK = _operands("#E6EBF2")
USUAL = _operands("#CBDBEE")
"""The band of the usual range. The tile says in words what it shows."""
SURFACE = _operands("#F5F7FA")
TODAY = _operands("#EEF3F9")
"""The card about today. Its form is a bar on the left, because it is no verdict."""
TINT_BAD, BORDER_BAD = _operands("#FDF3F2"), _operands("#F2C9C4")
TINT_WATCH, BORDER_WATCH = _operands("#FEF9EE"), _operands("#EFD7A8")

STATUS = {
    Status.ON_TARGET: GOOD,
    Status.WATCH: WATCH,
    Status.MISSED: BAD,
    Status.PARTIAL: MUTED,
    Status.NOT_JUDGED: MUTED,
    Status.THIN: MUTED,
    Status.NO_DATA: MUTED,
}
STATUS_ON_INK = {
    Status.ON_TARGET: GOOD_ON_INK,
    Status.WATCH: WATCH_ON_INK,
    Status.MISSED: BAD_ON_INK,
    Status.PARTIAL: ON_INK,
    Status.NOT_JUDGED: ON_INK,
    Status.THIN: ON_INK,
    Status.NO_DATA: ON_INK,
}
CARD = {
    Status.ON_TARGET: (WHITE, RULE),
    Status.WATCH: (TINT_WATCH, BORDER_WATCH),
    Status.MISSED: (TINT_BAD, BORDER_BAD),
    Status.PARTIAL: (WHITE, RULE),
    Status.NOT_JUDGED: (WHITE, RULE),
    Status.THIN: (WHITE, RULE),
    Status.NO_DATA: (WHITE, RULE),
}
"""Fill and border of a tile. Only exceptions are tinted."""
TONE = {"better": GOOD, "worse": BAD, "neutral": INK_2}
