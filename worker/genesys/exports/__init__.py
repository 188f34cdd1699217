"""Source by the public reporting-exports API, whose files are read by their headers.

source      `ExportsSource`: `Order` in, export jobs between, `Rows` out, and the source's own PDF
views       the exported views, their columns, and the bodies of the requests
catalogue   the columns that an organisation's views offer
plan        the exports that an order needs, in batches, with their names
starter     starts them, once for all groups that share them
jobs        export jobs: started, found again in the paged list, downloaded in two requests
job_status  the state of a job, and what to do about one that failed
progress    what is stored with the run between steps
shares      files downloaded and read once, and split by group
rows        half-hours by queue from the files
blanks      blank cells that other cells disprove, or that leave a doubt
agents      times by agent from the files
levels      the counts behind service levels
"""
