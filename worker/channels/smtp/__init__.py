"""E-mail by SMTP: one message for each recipient.

channel       the channel: builds a message, sends it, returns the server's reply as proof
server        which mail server, how the connection to it is protected, and how we log in
oauth         the access token for a server that takes no password
cooldown      leaves a server alone for a while after it failed
conversation  the commands for one message, up to the final dot and its reply
client        smtplib's client with a time limit for everything
replies       what each reply, and each silence, means: later, never, or unknown
"""
