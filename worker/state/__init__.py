"""What outlives a process.

In Redis, its clock being the only one that counts:
runs           the ledger: claim, enter a step, settle it, list, timeline
deliveries     one record per run, channel and recipient, with the receiver's proof
streaks        which groups are failing since when, and what operations know of it
retention      all that is kept, by group and day, files too: to delete it and to show that it is gone
token_bucket   permits for the API's quota, shared by all workers, the earliest stand-up first
single_flight  of all runs that need the same thing, one asks
mornings       what each organisation was asked on a day, and for how many briefings
access_tokens  the OAuth token of each client, renewed by one worker for all
history        the sums of past days
notices        which runs wait for which job, and which notices of finished jobs were taken
heartbeat      the sign of life of beat's question
watch          what the watchdog remembers between two looks
once           what one of many callers may do
counters       counts that all workers add to; measures: what is counted, and under which names

In files or a bucket:
artifacts      rows and documents of a run
answers        what the API said a moment ago, so that a repeated step asks nothing twice
"""
