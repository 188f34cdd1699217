"""An optional HTTP endpoint: "export finished" notices come in, and wake the chains that wait before their next poll.

signature   whether a notice is signed, fresh and new
body        which jobs a notice is about
wake        makes the polls of the waiting runs due now
server      the HTTP server: notices, metrics, health

Nothing depends on a notice: a run whose notice never comes polls as ever. docs/notifications.md says how to feed it.
"""
