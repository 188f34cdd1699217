"""What an operator types after a command.

parameters  groups and runs, with suggestions and completion
days        yesterday, monday, a date, a range
"""
