"""What calendars send by mail: requests to attend with their answers, reminders, single entries."""
