"""The rules that a programme chooses for its timetable, and how pairs of groups stand."""
