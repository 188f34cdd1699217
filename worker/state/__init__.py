"""What outlives a process. This room owns every Redis key, every Lua script and every artifact name.

In Redis, by whose clock all instants are:
runs           the ledger: claim, enter a step, settle it, list, timeline
deliveries     one record per run, channel and recipient, with the receiver's proof
alert_dedup    what operations know already: failing groups, alerts of the hour, mistakes in group files
token_bucket   permits for the API's quota, shared by all workers, the earliest stand-up first
single_flight  of all runs that need the same answer, one sends the request
counters       counts that all workers add to, and requests and briefings by day
access_tokens  the OAuth token of each client, renewed by one worker for all
history        the sums of past days
forecasts      the forecasts of days, which are scored the next morning
notices        which runs wait for which job, and which notices were accepted
pauses         which groups an operator has paused
heartbeat      when beat's question last reached a worker
watch          what the watchdog remembers between two looks
version        the version of all this, for updates
once           a claim that one of many callers gets
connection     connects to Redis, and opens idle connections again
scripts        runs the Lua scripts in lua/

ledger/        the stored form of runs
index/         which runs a group has, and which ended in a state
compressed/    the compressed forms of timelines, figures and forecasts
ageing/        makes old records small, and deletes what is too old
files/         what lies in files or a bucket: artifacts and answers of runs
"""
