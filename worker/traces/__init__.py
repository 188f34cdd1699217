"""OpenTelemetry traces of runs. Off unless a setting asks for them, and then OpenTelemetry is not imported.

runs        a run's tree of spans: the run, and below it each attempt at a step
exchanges   spans inside a step: each request to the platform, each attempt at a delivery
exporter    where spans go, and the ids that processes can calculate

Spans have the run's id, its group, routes with placeholders, the kind of a channel and outcomes. They have nothing that
people or queues are called, no address and no secret: no exception's text either.
"""
