"""What briefings say on simulated days: on quiet ones, where no change may be claimed, and on days with a planted one.

series   quiet days one after the other, each briefed with the days before it as history
claims   which texts of a briefing claim a change, and what was said while its documents were drawn
quiet    how many quiet days have such a text, and how many figures lie in their usual range
power    how often a fall by ten points is called unusual
planted  planted causes: their part of the change, and whether the briefing names them

`python -m tests.quiet_days` runs them; docs/usual-range.md has the tables.
"""
