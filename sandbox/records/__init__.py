"""What happened in the contact centre.

model       calls, shifts, agents' statuses and activities
instants    milliseconds of UTC, and arithmetic of time spans
history     the records of each group and day, cached
replay      records from a file of calls
generate/   records from a seed
"""
