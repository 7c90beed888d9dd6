"""What a CalDAV program sends, and what is read from its answers, without any library of ours."""

import base64
from xml.etree import ElementTree as ET

from scheduler.calendars import links, tokens

D, C, S = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
SPACES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:S="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"'
)


class Dav:
    """A program with the password of one calendar."""

    def __init__(self, client, feed, key, user="anybody"):
        self._client = client
        self.token = links.feed_token(feed, key)
        self.user = user
        self.home = f"/caldav/{tokens.reference(feed.token_digest)}/"
        self.calendar = f"{self.home}timetable/"

    def ask(self, method, path, body="", **headers):
        given = {"Authorization": basic(self.user, self.token), "Content-Type": "application/xml"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.open(path, method=method, data=body, headers=given | named)

    def propfind(self, path, *names, depth="0"):
        props = "".join(f"<{name}/>" for name in names)
        body = f"<D:propfind {SPACES}><D:prop>{props}</D:prop></D:propfind>"
        return multistatus(self.ask("PROPFIND", path, body, Depth=depth))

    def query(self, inner, names="<D:getetag/>"):
        comp = f'<C:comp-filter name="VCALENDAR">{inner}</C:comp-filter>'
        body = (
            f"<C:calendar-query {SPACES}><D:prop>{names}</D:prop>"
            f"<C:filter>{comp}</C:filter></C:calendar-query>"
        )
        return self.ask("REPORT", self.calendar, body, Depth="1")

    def multiget(self, *hrefs, names="<D:getetag/><C:calendar-data/>"):
        given = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
        body = (
            f"<C:calendar-multiget {SPACES}><D:prop>{names}</D:prop>{given}</C:calendar-multiget>"
        )
        return multistatus(self.ask("REPORT", self.calendar, body, Depth="1"))

    def changes(self, token="", more=""):
        body = (
            f"<D:sync-collection {SPACES}><D:sync-token>{token}</D:sync-token>"
            f"<D:sync-level>1</D:sync-level>{more}<D:prop><D:getetag/></D:prop>"
            "</D:sync-collection>"
        )
        return self.ask("REPORT", self.calendar, body, Depth="0")

    def path_of(self, uid):
        return f"{self.calendar}{uid}.ics"


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def multistatus(answer):
    """The answer by address: properties with their text or elements, or None where nothing is."""
    assert answer.status_code == 207, (answer.status_code, answer.text)
    root = ET.fromstring(answer.data)
    return {each.findtext(f"{D}href"): _told(each) for each in root.findall(f"{D}response")}


def sync_token(answer):
    return ET.fromstring(answer.data).findtext(f"{D}sync-token")


def refused(answer):
    """The status and the name of the precondition that was broken."""
    root = ET.fromstring(answer.data)
    assert root.tag == f"{D}error"
    return answer.status_code, root[0].tag.partition("}")[2]


def _told(response):
    if response.findtext(f"{D}status"):
        return response.findtext(f"{D}status").split()[1]
    told = {}
    for propstat in response.findall(f"{D}propstat"):
        status = propstat.findtext(f"{D}status").split()[1]
        for prop in propstat.find(f"{D}prop"):
            told[_short(prop.tag)] = _value(prop) if status == "200" else status
    return told


def _value(prop):
    if not len(prop):
        return prop.text or ""
    hrefs = [each.text for each in prop.findall(f"{D}href")]
    return (
        hrefs[0] if hrefs else sorted(_short(each.tag) for each in prop.iter() if each is not prop)
    )


def _short(tag):
    return tag.replace(D, "D:").replace(C, "C:").replace(S, "S:")
