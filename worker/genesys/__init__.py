"""Everything that is asked of Genesys Cloud, over HTTP, and the rows that become of the answers.

source        the interface of the three sources: `Order` in, `ExportJob` between, `Rows` out
queries/      source by analytics queries and the adherence job (the default)
exports/      source by the public reporting-exports API
reporting/    source by the guide's wire: report definition, export, download
tables/       reads tables from files, for exports and reporting
adherence/    the bulk adherence job
wfm/          what the workforce management plans for a day
lookups/      queues, members, users and holiday calendars
sharing/      requests that the groups of a morning share
answer_cache  answers asked for once, and kept for a stated time
access        sessions, stored answers and single flights, on behalf of a run
api/          HTTP: session, tokens, quota, errors, downloads
balance       whether the contacts of a day add up if blank cells are zeros
gaps          gaps that any source may have
"""
