"""What is asked of Genesys Cloud, over HTTP, and how its answers become rows.

organisation   where an organisation's API and login live, and which client asks
session        the one place a request leaves: permit, access token, time-out, quota headers, status → error
  permits        leave to send, from the bucket that all workers share
  quota_headers  what answers say about the quota, and what of it is believed
  refusals       from a status to an error with a way out
  wire           bytes out and in: time-outs, bounds, nothing followed or remembered
  json_body, shapes, paging, instants    answers understood, or refused by name
auth           the OAuth client-credentials token, one for all workers
source         what the three sources have in common: `Order` in, `ExportJob` between, `Rows` out
  kept           answers kept, so that a step that is done again asks nothing twice; flights: by one run at a time
  together       what the groups of one morning ask together; parting: when each asks for itself after all
  gaps           what rows lack and the reader must know
queries        source by analytics queries and the adherence job (the default)
  aggregates, adherence, agents    bodies sent, and rows from their answers
  told           queries asked once for a batch of ids, their answers split by order
  adherence_job  started and looked at · adherence_batch for which units · adherence_files fetched and split
reporting      source by the guide's wire: report definition, export, poll, download
  definitions, columns    report definitions, refused where they would give wrong figures
  report_exports          started once, looked at until there is a file
  report_file, report_table, cells    CSV and XLSX read by header, as a stream
  report_rows, report_gaps            rows from tables, and what they lack
downloads      finished files, only from where they may come
lookups        queues, members and users by name or id; directory: all queues in one list
holidays       schedule groups and the guide's calendar resource
"""
