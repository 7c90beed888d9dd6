"""Ways to read a plan: why here, where else, what is narrow, two compared, people by time."""
