"""The scenario file, as TOML.

file          models of all tables of the file; reading it; one line per mistake
file_options  how exported files are written
troubles      the kinds of trouble that a group can have
"""
