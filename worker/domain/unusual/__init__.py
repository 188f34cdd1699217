"""Decide what of a day is unusual beyond the figures of its tiles.

queues  service level, contacts and handle time of all queues, looked at together
"""
