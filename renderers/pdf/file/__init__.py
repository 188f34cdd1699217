"""The PDF file around the pages.

book       a PDF being made: pages, fonts, bookmarks, document information
structure  the tag tree for screen readers
objects    write and compress the file's objects
"""
