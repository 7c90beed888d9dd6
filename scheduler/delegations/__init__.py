"""Entries of several schools: invitations, each school's own part, and what the lead sees of it."""
