"""How a briefing reaches people: one file per channel, one interface.

A channel sends one `Parcel` to one recipient and returns the receiver's proof, or raises `worker.errors.ChannelBusy`
(later) or `worker.errors.DeliveryRefused` (never). It counts nothing and retries nothing: the caller does.

parcel   what is sent: message text and documents
email    SMTP, a message per recipient
alert    the operations webhook; shares nothing with the channels
"""
