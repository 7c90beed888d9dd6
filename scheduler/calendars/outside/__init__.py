"""Calendars that others keep: fetched and read on the belief that they were made to harm us."""
