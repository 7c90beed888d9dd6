"""Persons, guardians, papers and consents: the one room that stores personal data."""
