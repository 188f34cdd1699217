"""The guide's API, as a gateway in front of the platform would offer it.

endpoints     report exports and holiday calendars
definitions   report definitions
rows          the rows of an exported report
"""
