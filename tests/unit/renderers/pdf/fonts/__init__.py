"""The fonts that make_test_cuts.py made, as a setting would name them."""

from __future__ import annotations

from pathlib import Path

from renderers.font_files import Fonts

HERE = Path(__file__).parent
HAN, JAPANESE = f"{HERE}/han.ttc#0", f"{HERE}/han.ttc#1"
KOREAN, TAMIL = f"{HERE}/korean.ttf#0", f"{HERE}/tamil.ttf#0"
ALL = Fonts((HAN, KOREAN, TAMIL))
