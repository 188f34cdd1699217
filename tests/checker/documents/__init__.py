"""From what is delivered to passages: pieces of text with their role on the page.

passage    one piece of text and its role
card       the subject of the mail, and the card that a chat shows
plain      the message's text/plain part
html       the message's HTML part
pdf        the texts of a PDF, by tagged element, with their places
ink        all that a page draws: texts, areas and lines, with size and colour
pages      the phone pages and the wall page as passages
workbook   the workbook's sheets as tables
"""
