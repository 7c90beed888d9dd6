"""Programmes with their categories, dates, venues and places."""
