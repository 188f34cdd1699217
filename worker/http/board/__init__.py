"""The board "This morning": one web page for operators, with every group's stand-up.

standups   which stand-up of a group the board shows, and the state of its briefing
reader     reads the groups, the runs and the deliveries, and returns a card for each group
times      times, zones and lengths of time as people say them
texts      the words of a card
quotas     how much of each organisation's quota is in use, and who waits for it
parts      the three parts of the board, which groups are in each, and in which order
pages      the HTML: the board, a past day, a run with its timeline, the last five weeks
access     who may see it: a name and a password, or a user that a proxy has checked
server     the HTTP server
templates/ the HTML, the style and the script
"""
