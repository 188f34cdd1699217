"""Rows of workbooks that others wrote.

workbook        rows of worksheets
rich_text       the text of a cell from its runs
xml_parts       the XML files in a workbook
number_formats  which cells of a workbook are dates, times and percentages
"""
