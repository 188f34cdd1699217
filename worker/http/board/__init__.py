"""The board "This morning": one web page for operators, with every group's stand-up.

standups   which stand-up of a group the board shows, and the state of its briefing
reader     reads the groups, the runs and the deliveries, and returns a card for each group
texts      the words and the times of a card
pages      the HTML: the board, a run with its timeline, the last five weeks of a group
access     who may see it: a name and a password, or a user that a proxy has checked
server     the HTTP server
templates/ the HTML, the style and the script
"""
