"""The words about today.

day       two lines for page one and the message, and the texts of the page Today
shortage  which half-hours are short of agents, and what could be moved out of them
"""

from renderers.words.today.day import MOST_PEOPLE as MOST_PEOPLE
from renderers.words.today.day import TodayText as TodayText
from renderers.words.today.day import TodayWords as TodayWords
