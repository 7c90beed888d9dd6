"""Other timetables for a draft: what less of one thing costs in the others, to choose from."""
