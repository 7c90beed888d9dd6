"""CalDAV for the same subscriptions, to read: a program follows one calendar change by change.

RFC 4791 (calendars), 6578 (changes since), 5397 (whose), 6764 (where). One token opens one
calendar; what it holds is cut out of the stored feed, so nothing is rendered here either.
"""
