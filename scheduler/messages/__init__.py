"""Messages: a programme's own words for its mails, and which mails a case has had."""
