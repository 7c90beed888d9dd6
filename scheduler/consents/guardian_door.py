"""What all pages behind a guardian's link share: who it belongs to, its language, its headers."""

from flask import Blueprint, abort, g
from flask_babel import refresh
from werkzeug.wrappers import Response

from scheduler.consents import links
from scheduler.consents.family import Family, family_of
from scheduler.consents.models import GuardianLink

blueprint = Blueprint("guardians", __name__)

OWN_PAGE = "the token in the address is the guardian's right to it"
READS = "120 per minute"
WRITES = "30 per minute"


def link_of(token: str) -> GuardianLink:
    """Return the live link and speak its language; a replaced one answers 410."""
    link = links.link_by_token(token)
    g.locale = link.locale
    refresh()
    if link.revoked_at is not None:
        abort(410)
    return link


def family_behind(link: GuardianLink) -> Family:
    """Return the guardian's children with what is asked for them, in the link's language."""
    return family_of(link.guardian, link.locale)


@blueprint.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    # Not `no-referrer`: over HTTPS the forms of the page itself must name where they come from.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
