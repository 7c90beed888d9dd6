"""Lotteries that anyone can check: entrants frozen, seed from a stated source, draw recomputed."""
