"""Makers of documents, each in a process of its own, and the web page that the others print: for P3.

page     the briefing as a web page · charts its charts, as SVG
maker    a process that makes documents when told, as the bench sees it; who is missing, and how to get it
child    the same, from inside: which makers there are
browser  Chromium, started for each document or kept running
meters   CPU time and memory, of one process or of all that come of it
"""
