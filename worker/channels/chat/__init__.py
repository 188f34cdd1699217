"""A message in a chat.

content  what a briefing says in a chat: heading, lines and links, each within its limit
slack    Slack: incoming webhook or bot token, as Block Kit
teams    Microsoft Teams: workflow webhook, as an Adaptive Card
"""
