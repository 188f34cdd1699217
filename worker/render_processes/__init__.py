"""Processes that make documents, so that a document that ends one takes no other step along.

pool       the processes of a worker, each started when it is first needed
job        what a worker sends to a process, and what comes back
__main__   the process

A thread of a worker cannot be stopped from outside, and an endless loop in C, a crash of a library or a lack of memory
ends all steps of a process. docs/decisions/render-processes.md has the measurements.
"""
