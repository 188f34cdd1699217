"""Historical adherence from workforce management.

job      the bulk job: started, asked for, collected
files    its files: downloaded once, split by order
figures  the job's body, and seconds by agent from the files
"""
