"""Fair assignment: who gets which workshop, session, station or jury, by wishes and room."""
