"""The full tables of a day, each described once: what a sheet of the workbook holds and pages behind the PDF show.

queues, half_hours, agents   a table each: its rows and its columns, from left to right
column                       one column: its header, what its cells hold, and where a value comes from
said                         how a page writes a cell
"""
