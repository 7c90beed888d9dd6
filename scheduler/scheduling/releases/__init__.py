"""Publishing: releases, the frozen zone, differences, mails, what reaches the calendars."""
