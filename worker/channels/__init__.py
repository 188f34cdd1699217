"""How a briefing reaches people: one file per channel, one interface.

A channel sends one `Parcel` to one recipient and returns the receiver's proof, or raises `worker.errors.ChannelBusy`
(later), `worker.errors.DeliveryRefused` (never) or `worker.errors.OutcomeUnknown` (nobody knows). It counts nothing
and retries nothing: the caller does.

parcel          what is sent: message text and documents
email           SMTP, a message per recipient
  mime          from a parcel to the bytes of one message
  addresses     e-mail addresses, internationalised hosts included
  smtp_server   which mail server, and how the way to it is protected
  smtp_dialogue the talk with it, and the instant of the handover
  smtp_replies, smtp_failures   what its "no" and its silence mean
alert           the operations webhook; shares nothing with the channels
  alert_forms   an alert as Slack, Teams and plain receivers want it
"""
