"""What is said of a day whose data are incomplete.

day      takes the verdicts off the whole day
figures  the figures of which the rows lack a part
"""
