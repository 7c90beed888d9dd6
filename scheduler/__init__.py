"""Ambassador Scheduler: from a school's roster to a timetable in everybody's calendar."""
