"""An e-mail as bytes, for the SMTP and SendGrid channels alike.

mime          builds the message: headers, bodies, attached documents
smime         encrypts it for one recipient
certificates  the recipients' certificates, and what makes one unusable
"""
