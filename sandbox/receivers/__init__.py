"""Where the product delivers to: each message becomes a file in a folder.

inbox       a folder of numbered files
mailbox     an SMTP server
webhooks    an HTTP server for webhooks
"""
