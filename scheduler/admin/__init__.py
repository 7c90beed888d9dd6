"""Tools for the platform's administrators."""
