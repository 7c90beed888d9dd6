"""Workbooks, columns and cells; knows nothing of pupils."""
