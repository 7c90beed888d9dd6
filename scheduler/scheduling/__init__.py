"""Timetables: solved by the engine, shown on the board, published as releases."""
