"""The HTTP server beside the workers.

server           the server itself: ``POST /notices``, ``GET /metrics``, ``GET /healthcheck``
export_finished  signed notices that an export has finished: check, parse, wake the waiting runs
prometheus       the operating figures as Prometheus metrics
known_labels     the values of labels that are known before anything is counted
board/           the web page "This morning", with a server of its own
listening        listens until the process is told to stop, for both servers
"""
