"""A second opinion on the briefing: it reads what is delivered and checks every statement against the rows.

It shares no code with the composer or the words. It has its own sums, its own rounding, and its own list of sentences;
a sentence that is on no list is a finding too. By hand:

    python -m tests.checker calls CALLS.csv[.gz] ZONE     every working day of a file of calls
    python -m tests.checker days 300 --seed 7             generated days
    python -m tests.checker awkward                       days that are hard to describe
    python -m tests.checker followed                      days after a day that was talked about
    python -m tests.checker planned                       days with a plan of the day after
    python -m tests.checker closed                        holidays

case        one day of one group: rows, targets, thresholds, past days, calendar; and what is true of it
figures     sums and exact fractions of rows
parts       which figures lack a part
today       what a plan of the day after says; today_words holds its sentences
rounding    numbers as they are written, rounded half up
documents/  from the message, the PDF and the workbook to passages
grammar     patterns of sentences; english and german hold them
statements  from passages to statements
checks/     each statement against the rows
checker     all of it
calls, month, generated, awkward, unusual_days, lasting, planned, followed, closed, crowded   where days come from
deliver     composes and renders a case with the product
"""
