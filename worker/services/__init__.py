"""The use cases that tasks and the operator's shell share. Each is given exactly what it uses by `worker.wiring`.

due              starts what is due and records what was missed
pausing          leaves paused groups out of a morning
runs             begins, resumes, revises and wakes runs
recovery         sends silent runs again
ledger_recovery  restores the records that Redis has lost
holidays         was the reporting day a business day?
order            what a group's day needs from its source
sharing          which groups of a morning share their requests
exporting        starts the export job, looks at it, fetches its rows
today            the plan of the stand-up's day
past             the history of a new group
composing        rows → briefing, holiday → notice
packing          briefing → message that may be sent, and its stored form
rendering        the step that puts the three above together
delivering/      one delivery per channel and recipient, none sent twice
resend/          an operator sends again what did not arrive
refresh          look-ups, outside the morning
expiring         deletes what is older than it may be kept
"""
