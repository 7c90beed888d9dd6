"""Who changed or read what: append-only records for staff."""
