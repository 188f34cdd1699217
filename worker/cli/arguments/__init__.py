"""What an operator types after a command.

parameters  groups, and options that commands share
runs        a run, or a group with its day
days        yesterday, last, monday, a date, a range
bash        completion of runs in bash, which splits them at the colon
"""
