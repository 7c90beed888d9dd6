"""Many activities without blocks: a plan made at once, then taken apart and put together again.

`suits` says which problems these are, `board` keeps a plan and what may go where, `expense` what it
costs, `units` what has to be placed together, `search` improves it, and `shares` proves a bound
from parts of the problem that are small enough to be solved.
"""
