"""The board of a draft: what it shows, moves by hand, undoing them, many editors at once."""
