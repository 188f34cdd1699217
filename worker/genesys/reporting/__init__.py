"""The source on the guide's wire: a report definition, an export job, and a file of CSV or XLSX.

source       the source itself: starts the jobs, looks at them, collects the rows
definitions  report definitions, refused where they would give wrong figures
columns      the columns that definitions may ask for, and what they say about people
exports      export jobs, started once and asked for until there is a file
reading      reads the file of one definition, with `worker.genesys.tables`
blanks       what blank cells mean, decided by the counts of the file
plausibility  figures that cannot be true
queue_rows   rows by queue
agent_rows   rows by agent
gaps         what the files lack and the reader must know
"""
