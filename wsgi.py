"""The application for a WSGI server: `granian --interface wsgi wsgi:app`, `flask --app wsgi …`."""

from scheduler.app import create_app

app = create_app()
