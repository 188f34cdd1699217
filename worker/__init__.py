"""The system's own code below the tasks.

celery       the Celery app, which ``celery -A worker`` finds
broker/      how Celery connects to the broker: addresses, silent connections, foreign and signed messages
beat_queue   the queue and the threads that beat's tasks have in every worker
beat_question  what a worker receives of beat, which expires by the clock of Redis
beat_scheduler  Celery's beat, except that a clock that was set back does not silence it
flower_access  refuses to start Flower where strangers would reach it
task_events  which events of tasks reach Flower
tracebacks   makes the tracebacks cheap that Celery copies of a step that waits
render_processes/  processes that make documents, which a poisonous one ends alone
step_time    ends a step that takes too long, from inside its loops
deadline     ends a conversation with a server that sends a byte now and then
http_dates   dates in the headers of answers
shutdown     ends a worker that waits for a step that never ends
logs         JSON logs with run ids, without secrets
traces/      OpenTelemetry traces of runs, if a setting asks for them
errors       everything that can go wrong, in one tree
settings/    everything that can be set
wiring/      builds services, clients, stores and channels once for each process
services/    the use cases that tasks and the shell share
alerts/      everything that operations are told
domain/      groups, calendars, metrics and briefings: pure, without input and output
genesys/     what is asked of Genesys Cloud, and how its answers become rows
channels/    how a briefing reaches people
groupfiles/  reads group files and reports the positions of mistakes
state/       everything that outlives a process: Redis keys, Lua scripts, artifacts
doctor/      what can be wrong before a morning
http/        the HTTP server: notices, metrics, health check
cli/         the `standup` command
shell        its entry, which Ctrl-C may meet before the command is imported

Imports point one way: cli, http and doctor → wiring → services and alerts → genesys, channels, state and groupfiles →
domain → errors. ``make check`` verifies it.
"""
