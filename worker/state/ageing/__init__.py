"""What happens to stored data as it grows old.

compaction  makes the records of old runs small
retention   all stored data by group and day, files too, to delete it and to show that it is gone
"""
