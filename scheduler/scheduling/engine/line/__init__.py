"""Orders on one stage: everybody waits from their first piece to their last.

`search` finds the best order and proves it; `shape` says which problems these are.
"""
