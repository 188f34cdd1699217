"""The rules of a briefing. Every function here is pure, and the time is always a parameter.

Who, and when
    groups/     who gets a briefing, when, about which queues, with which targets
    calendar/   the reporting day and its window, holidays, due groups and late briefings
What
    rows        what a source returns: counts and durations by queue and half-hour, and by agent
    gap_texts   the sentences that say what is missing, as templates
    metrics     from rows to ratios: sums of numerators over sums of denominators
    statuses    a ratio judged against its target
    compose     builds the briefing of a day
    notices     builds the notice that is sent instead of a briefing
    briefing/   what a briefing says, as data
    insights/   what to talk about
    today/      what today brings, from the plan of the workforce management
    usual/      what is usual for a group, and how unusual a figure is
    unusual/    what of a day is unusual beyond the figures of its tiles
    staffing/   what contacts, handle time and agents make of the service level
    why/        why the service level of a day is low
    rounding    rounding and comparison of floats
    wording     marks sentences for the message catalogues
How
    clock       the type of the clock that everything receives
    documents   rendered bytes with a name and a type
    addresses   what is an e-mail address, and which two reach the same mailbox
    hosts       names of servers and of Genesys Cloud regions, as operators write them
    redis_address  the forms of an address of Redis: a server, Sentinels, a unix socket
    deliveries  one recipient of a run: states, and when to try again
    pauses      an operator wants no briefing for some stand-ups
    runs        one group and one reporting day: steps, states and ids
    countdowns  how long to wait between polls, between attempts at a step, and before a mail is tried again
"""
