"""Builds services, clients, stores and channels, each once per process and when it is first needed.

This is the only place that knows them all. A task or a command asks here for its one use case and calls it. No service
imports wiring.

process        the settings, the clock, our Redis database
stores         what is stored in Redis and in files, and the group files
organisations  sessions with the organisations' APIs, and a group's source
channels       the channels of the settings
services       the use cases of `worker.services`
tracing        the traces of runs
names          the error for a name that the settings do not define
rendering      the render step in a process of its own
alerts         the use cases of `worker.alerts`

The builders import what they build when they are called. So beat starts without SMTP settings, a holiday check without
SMTP code, and `standup plan` without Redis.
"""
