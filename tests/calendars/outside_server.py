"""A web server of somebody else's, on this machine: it answers what a test lays down for it."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scheduler.calendars.outside.fetching import Fetcher, is_public


class OutsideServer:
    """`pages` are (status, headers, body) by path; `asked` are the headers of what came."""

    def __init__(self, port):
        self.port = port
        self.pages = {}
        self.asked = []

    def url(self, path="/calendar.ics", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def lay(self, body, path="/calendar.ics", status=200, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, body)

    def fetcher(self):
        """A fetcher that may also ask this one server, and nothing else that is not public."""
        own = ("127.0.0.1", self.port)
        return Fetcher(lambda place: place == own or is_public(place))


@contextmanager
def serving():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(dict(self.headers))
            status, headers, body = server.pages.get(self.path, (404, {}, b""))
            if callable(body):
                body(self)
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server = OutsideServer(http.server_address[1])
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield server
        http.shutdown()
        thread.join()
