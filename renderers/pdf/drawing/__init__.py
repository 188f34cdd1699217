"""Drawing.

sheet          one page to draw on, in points from the top left
styles         type sizes
palette        colours
icons          status shapes and arrows
reading_lines  what is below a figure on a tile: status, goal, what is usual, changes
talk           the list of what to talk about
today_card     the card about today
"""
