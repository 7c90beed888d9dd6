"""Long work: a row per job that says how far it is, around the task queue."""
