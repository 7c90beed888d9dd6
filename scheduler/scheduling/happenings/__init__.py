"""What befalls a published plan, and its repair with the fewest and kindest moves."""
