"""Who takes part besides the groups, and when each is free: jurors, staff, busy times."""
