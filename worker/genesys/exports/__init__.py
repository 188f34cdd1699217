"""The third source: the public reporting-exports API, whose files are read by their headers.

source         `ExportsSource`: `Order` in, export jobs between, `Rows` out; the source's own PDF beside them
views          which views are asked for, the columns that are read, and the bodies of the requests
catalogue      which columns an organisation's views offer
plan           which exports an order needs, in batches, with their names
starting       they are started, once for all groups that share them
jobs           export jobs: started once, found again in the paged list, downloaded in two hops
standing       how a job stands, and what is done about one that ended badly
progress       what they have come to, as it is kept with the run between steps
reasons        the twenty reasons for which the platform lets an export fail
fetching       the files, each fetched and read once for all groups that share it
reading        a file becomes the shares of these groups
rows           from files to rows: by queue and half-hour, by agent
service_level  counts behind a service level that is told as a percentage
"""
