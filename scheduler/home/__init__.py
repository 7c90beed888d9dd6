"""The front door: what each kind of person finds after signing in."""
