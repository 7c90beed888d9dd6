"""Fair assignment: people to workshops, stations, hosts or groups, by their wishes.

`problem` says what is asked, `solve` finds the best answer and `check` looks at it again.
"""
