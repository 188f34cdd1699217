"""Each statement against the rows: one function per kind, by subject.

common        what a check gets and gives
verdict       the sentence on top
metrics       the four metrics, their changes and trends
usual         the usual range, and what may be called unusual
why           why the service level is low
talk          what to talk about
day           half-hours and the day's figures
lists         queues, agents, and the order of both
facts         where the figures come from, and what was corrected
today         what is said of the day after
follow_up     what became of the points of the day before
closed        why a notice has no figures
tables        the cells of the PDF's tables and of the workbook
order         lists: worst first, thin queues last, no row lost
agreement     two statements about one thing
geometry      where things are on a page: nothing covered, touched, outside or too small
layout        cut words, touching texts, repetitions, technical texts
omissions     what has to be said and is not
"""
