"""Reporting exports: `/api/v2/analytics/reporting/exports`.

endpoints   start an export, list exports, describe the views
views       the views and their columns
rows        the rows of an exported file
"""
