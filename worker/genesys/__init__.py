"""What is asked of Genesys Cloud, over HTTP, and how its answers become rows.

organisation   where an organisation's API and login live, and which client asks
session        the one place a request leaves: permit, access token, time-out, quota headers, status → error
auth           the OAuth client-credentials token, one for all workers
source         what the three sources have in common: `Order` in, `ExportJob` between, `Rows` out
queries        source by analytics queries and the adherence job (the default)
reporting      source by the guide's wire: report definition, export, poll, download
definitions    report definitions, refused where they would give wrong figures
lookups        queues, members and users by name or id
holidays       schedule groups and the guide's calendar resource
"""
