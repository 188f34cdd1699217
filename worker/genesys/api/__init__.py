"""HTTP with one organisation's API: requests, tokens, quota, errors, downloads.

organisation   addresses of an organisation's API and login, and the OAuth client
session        sends every request: permit, access token, quota headers, status → error
auth           the OAuth client-credentials token, shared by all workers
quota_headers  the quota that answers state
refusals       errors for HTTP statuses, with a way out
wire           a request and its reply: bounds, no redirects, no cookies
connections    sockets that end with the deadline of their exchange
wire_errors    errors of sockets, TLS and proxies, with a way out
json_body, shapes, paging, instants    reading answers, or refusing them by name
public_addresses    connections into the public internet only
downloads      finished files, from allowed hosts only
"""
