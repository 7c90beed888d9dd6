"""From a school's roster to a decision: entries, review, places and waitlist."""
