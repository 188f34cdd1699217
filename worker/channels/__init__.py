"""How a briefing reaches people: one file per channel, one interface.

A channel sends one `Parcel` to one recipient and returns the receiver's proof, or raises `worker.errors.ChannelBusy`
(later), `worker.errors.DeliveryRefused` (never) or `worker.errors.OutcomeUnknown` (nobody knows). It counts nothing
and retries nothing: the caller does.

parcel          what is sent: message text, summary and documents; what a channel protects
allowed         the allow-list of domains, and
guarded         the policy for personal data: both stand before a channel
email           SMTP, a message per recipient
  mime          from a parcel to the bytes of one message
  smime         the same, encrypted for one recipient
  addresses     e-mail addresses, internationalised hosts included
  smtp_server   which mail server, and how the way to it is protected
  smtp_oauth    the access token for one that takes no password
  smtp_recess   how long it is left alone after it failed
  smtp_dialogue the talk with it, and the instant of the handover
  smtp_line     the client beneath, in which everything has an end
  smtp_login    who we are there
  smtp_replies, smtp_failures   what its "no" and its silence mean
sendgrid        the same e-mail by SendGrid's API
slack, teams    a message in a chat
  chat          what a parcel says there
  slack_form, teams_form   as Block Kit, and as an Adaptive Card within its size
bucket          objects in a store, written once
web             one POST, and what its answer or its silence means
  web_connection  its connection, which ends with its deadline
turnstile       one at a time, before receivers that let people wait
deadline        the end of a conversation as a whole, by SMTP and HTTP alike
alert           the operations webhook; shares nothing with the channels
  alert_forms   an alert as Slack, Teams and plain receivers want it
"""
