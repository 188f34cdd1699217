"""The metrics of a day, and the line of each medium.

day_source   what the figures of a day are made from
figures      the tiles and the lines of media
reasons      why a metric has no value
"""
