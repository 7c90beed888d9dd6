"""Deny by default: what there is to be allowed, to whom and where, and the guard that asks."""
