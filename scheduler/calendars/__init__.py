"""Calendars: entries that other rooms publish, and the feeds people subscribe to.

This room is low: it knows entries, audiences and subscriptions, and nothing of programmes, schools
or plans. Importing the package imports nothing.
"""
