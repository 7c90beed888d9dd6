"""Study tours: what happens when, at which clocks, and in whose calendars it stands."""
