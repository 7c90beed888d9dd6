"""The demo: a fictional festival, made the same way every time, for visitors to try the product."""
