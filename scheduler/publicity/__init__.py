"""Public notices of accepted groups for a stated number of days, and objections to them."""
