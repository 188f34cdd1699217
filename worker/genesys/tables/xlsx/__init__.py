"""Rows of workbooks that others wrote.

workbook        rows of worksheets
xml_parts       the XML files in a workbook
number_formats  which cells of a workbook are dates, times and percentages
"""
