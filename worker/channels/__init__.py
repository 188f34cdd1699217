"""How a briefing reaches people: one file or folder for each channel, one interface.

A channel sends one message with its documents to one recipient and returns the receiver's proof. Otherwise it raises
`worker.errors.ChannelBusy` (try later), `worker.errors.DeliveryRefused` (never) or `worker.errors.OutcomeUnknown`. It
counts nothing and retries nothing. Its caller does.

channel   what is sent, and what a channel protects
guards    what comes before a channel: allowed domains, personal data, slow receivers
smtp/     e-mail by SMTP
sendgrid  e-mail by SendGrid's API
mail/     the bytes of an e-mail, for both
chat/     Slack and Teams
bucket    objects in a store, written once
answers   what each receiver on the web answers on success, and what other answers mean
web       one POST, and what its answer or its silence means
"""
