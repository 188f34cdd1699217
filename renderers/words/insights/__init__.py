"""What to talk about: a sentence for each kind of insight that `worker.domain.insights` finds.

sentences   the sentence of an insight, by its kind
half_hours  a stretch of half-hours that was late, or without any contact
queues      queues that were costly, unusual or the best
day         what the whole day was like
targets     targets missed, met, and met for days
talk        the type of a talking point's texts

A head names queues with their whole names. Its ``short_head`` has at most `talk.HEAD_LIMIT` characters, for a page on
which the whole one takes more than two lines: long names are cut in their middle. The sentences below it are complete
by themselves, the most important first: a page with room for some of them leaves out the last.
"""
