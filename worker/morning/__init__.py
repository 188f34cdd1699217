"""What a morning is made of, told once for the chain's steps and for the operator's shell.

chain      claims a run and sends its chain; finds runs that went silent
calendar   was the day a business day for this group?
order      what a group's day needs from its source
sharing    with which groups of its morning a run asks
refresh    look-ups asked for anew while no briefing is under way
content    from rows to the briefing, or from a holiday to the notice
packing    names masked, documents locked, all of it small enough
parcel     rendered: message and documents, kept and read again
alarm      what operations are told of a run
handover   to every recipient once, each recorded
"""
