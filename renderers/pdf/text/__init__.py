"""Text in every script.

typesetting  measure, cut and wrap text
scripts      lay out a text as runs of one font each, shaped where its script needs it
directions   the Unicode bidirectional algorithm
typefaces    the fonts by name: widths and glyphs
fallback     font files of the machine, for letters that no shipped font has
outlines     read any OpenType file and embed a part of it
"""
