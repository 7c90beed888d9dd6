"""A small IMAP server for tests: one user, one folder, real sockets, little of RFC 3501.

`messages` holds octets and flags; a test looks there for what became of them.
"""

import re
import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Stored:
    """A message on the server."""

    content: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """Serves `messages` to `reader` / `pass word`, in the folder `Answers`."""

    user, password, folder = "reader@example.org", "pass word", "Answers"

    def __init__(self):
        self.messages: list[Stored] = []
        self.fetched: list[int] = []
        imap = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                _Conversation(imap, self).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"imap://reader%40example.org:pass%20word@127.0.0.1:{self.port}/{self.folder}"

    @property
    def port(self):
        return self._server.server_address[1]

    def add(self, content):
        self.messages.append(Stored(content))

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class _Conversation:
    def __init__(self, imap, session):
        self._imap, self._in, self._out = imap, session.rfile, session.wfile

    def run(self):
        self._say("* OK ready")
        for line in self._in:
            tag, _, command = line.decode().strip().partition(" ")
            name, _, rest = command.partition(" ")
            if name.upper() == "UID":
                name, _, rest = rest.partition(" ")
            answer = getattr(self, f"_{name.lower()}", None)
            self._say(f"{tag} {answer(rest) if answer else 'BAD what?'}")
            if name.upper() == "LOGOUT":
                return

    def _say(self, line):
        self._out.write(line.encode() + b"\r\n")

    def _capability(self, _rest):
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def _login(self, rest):
        right = f'{self._imap.user} "{self._imap.password}"'
        return "OK done" if rest.replace('"reader@example.org"', self._imap.user) == right else "NO"

    def _select(self, rest):
        if rest != f'"{self._imap.folder}"':
            return "NO there is no such folder"
        self._say(f"* {len(self._imap.messages)} EXISTS")
        return "OK [READ-WRITE] done"

    def _search(self, rest):
        keyword = re.search(r"UNKEYWORD (\S+)", rest).group(1)
        without = {"\\Seen", keyword}
        found = [
            str(number)
            for number, message in enumerate(self._imap.messages, start=1)
            if not message.flags & without
        ]
        self._say(" ".join(["* SEARCH", *found]))
        return "OK done"

    def _fetch(self, rest):
        number, _, what = rest.partition(" ")
        content = self._imap.messages[int(number) - 1].content
        if "RFC822.SIZE" in what:
            self._say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(content)})")
            return "OK done"
        self._imap.fetched.append(int(number))
        self._say(f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}")
        self._out.write(content + b")\r\n")
        return "OK done"

    def _store(self, rest):
        number, flag = re.fullmatch(r"(\d+) \+FLAGS\.SILENT \((\S+)\)", rest).groups()
        self._imap.messages[int(number) - 1].flags.add(flag)
        return "OK done"

    def _logout(self, _rest):
        self._say("* BYE")
        return "OK done"
