"""Words and sentences about schools and districts."""

from flask_babel import lazy_gettext as _l

from scheduler.organisations.models import CodeScheme, Region
from scheduler.organisations.refusals import Refusal
from scheduler.texts import add_sentences

REGIONS = {
    Region.GUANGZHOU: _l("Guangzhou"),
    Region.HONG_KONG: _l("Hong Kong, China"),
    Region.MACAO: _l("Macao, China"),
    Region.OVERSEAS: _l("Overseas"),
}

STAGES = {
    "P": _l("Primary"),
    "J": _l("Lower secondary"),
    "H": _l("Upper secondary"),
}

CODE_SCHEMES = {
    CodeScheme.CHINA: _l("Mainland school identifier (10 digits)"),
    CodeScheme.HONG_KONG: _l("Hong Kong school number (6 digits)"),
    CodeScheme.UNITED_KINGDOM: _l("URN, United Kingdom (6 digits)"),
    CodeScheme.NEW_ZEALAND: _l("New Zealand school number (up to 4 digits)"),
    CodeScheme.OTHER: _l("Another authority's number"),
}

add_sentences(
    {
        Refusal.CODE_TAKEN: _l("This code is in use already; please choose another one."),
        Refusal.OFFICIAL_CODE_TAKEN: _l("Another school has this official number."),
        Refusal.OFFICIAL_CODE_SHAPE: _l("%(shown)s does not have the shape of such a number."),
        Refusal.OFFICIAL_CODE_WITHOUT_SCHEME: _l("Please say whose number this is."),
        Refusal.SCHOOL_IN_USE: _l(
            "This school has entries or pupils on record, so it cannot be removed."
        ),
        Refusal.SCHOOL_HAS_OFFICERS: _l(
            "This school has officers. Take the role away from them first."
        ),
        Refusal.DISTRICT_HAS_SCHOOLS: _l("This district has schools, so it cannot be removed."),
        Refusal.ORGANISATION_IN_USE: _l(
            "This organisation has a part in a programme, so it cannot be removed."
        ),
        Refusal.DISTRICT_HAS_REVIEWERS: _l(
            "This district has reviewers. Take the role away from them first."
        ),
    }
)
