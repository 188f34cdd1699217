"""Drawing.

sheet       one page to draw on, in points from the top left
styles      type sizes
palette     colours
icons       status shapes and arrows
talk        the list of what to talk about
today_card  the card about today
"""
