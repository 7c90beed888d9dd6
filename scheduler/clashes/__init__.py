"""Pupils in several groups: the lines that warn, and the list of a programme."""
