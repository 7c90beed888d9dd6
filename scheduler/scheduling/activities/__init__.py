"""What takes place besides the performances: rehearsals, auditions, meetings, courses, visits."""
