"""The compressed forms of what Redis keeps for a long time. Each dictionary is part of a stored form.

deflate    deflates short texts with a dictionary of frequent ones
timelines  the events of a run, compressed when it is old
archive    the timeline and the deliveries of an old run, in one text
days       the figures and the forecast of a day, compressed from the beginning
"""
