"""Schools and the districts they belong to."""
