"""The program behind `make run`: checks, prepares, starts the server and the job worker."""
