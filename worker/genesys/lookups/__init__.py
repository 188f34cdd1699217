"""What is looked up by name or id, and cached for long.

queues    queues, their members, users
holidays  schedule groups and the guide's calendar resource
"""
