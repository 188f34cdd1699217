"""What lies in files or a bucket.

artifacts      rows and documents of a run
answers        recent answers of the API, so that a repeated step does not ask again
private_files  files and folders that only their owner can read
"""
