"""What lies in files or a bucket.

artifacts         rows and documents of a run
delivery_journal  who got a run, so that a lost ledger can be restored
answers           recent answers of the API, so that a repeated step does not ask again
decoded_answers   those of them that this process has decoded
private_files     files and folders that only their owner can read
"""
