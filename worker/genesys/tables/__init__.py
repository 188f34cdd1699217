"""Reading tables from files: the one reader of the sources `exports` and `reporting`.

table           rows of a file by its headers, with all visible tabs of a workbook
headers         the header of each tab, and which tabs are read
figures         what the cells of an order's rows say, decided column by column
file_gaps       hidden parts, ends without a line break, announced rows
averages        how long average times can be
figure_gaps     what columns of figures lack
numbers         numbers and durations, and the manner in which a column writes them
scale           fractions or percentages
totals          rows that add up others, recognised by arithmetic
media           media types as files write them, the media of one queue's rows, and rows that add them up
names           names of queues and agents, and how they match
placing         the half-hour and the queue that a row belongs to
placed_row      a row with its place
instants        date-times
columns         what a column holds, and what a definition states
file            opens a file: text, archive or workbook, or names it for what it is
delimited       encoding, delimiter and lines of text files
xlsx/           rows of workbooks
limits          bounds that are checked while reading
"""
