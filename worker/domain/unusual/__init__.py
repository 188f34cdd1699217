"""Decide what of a day is unusual beyond the figures of its tiles.

queues      service level, contacts and handle time of all queues, looked at together
half_hours  stretches of half-hours, against the same ones of past days
"""
