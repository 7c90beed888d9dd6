"""People who sign in, their roles, and the guard that decides who may do what."""
