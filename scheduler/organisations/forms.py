"""What people fill in about schools and districts."""

import re
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.languages import LOCALES
from scheduler.organisations.models import CodeScheme, Region, School
from scheduler.organisations.services import SchoolDetails, all_districts
from scheduler.organisations.texts import CODE_SCHEMES, REGIONS, STAGES
from scheduler.web import BaseForm, select_choices, trimmed

MISSING = _l("Please fill this in.")
CODE_SHAPE = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9-]*$", message=_l("Only letters, digits and hyphens, please.")
)

# Where our schools are comes first; every other zone of the world follows.
USUAL_ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Macau", "Asia/Singapore", "Asia/Tokyo",
    "Europe/London", "Europe/Lisbon", "Pacific/Auckland",
)  # fmt: skip

# Our own words where the packages' differ from usage here (domain.md section 8).
COUNTRY_WORDS = {
    "zh_Hans": {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"},
    "zh_Hant_HK": {"HK": "中國香港", "MO": "中國澳門", "TW": "中國台灣"},
    "en": {"HK": "Hong Kong, China", "MO": "Macao, China", "TW": "Taiwan, China"},
}


# Unions and placeholders of the language tables; Hong Kong and Macao are regions of China here.
NO_COUNTRIES = frozenset({"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO", "HK", "MO"})
COUNTRY_CODE = re.compile(r"[A-Z]{2}")


def zone_choices() -> list[tuple[str, str]]:
    """Return every IANA zone with a place in its name, the usual ones first."""
    others = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone
        and not zone.startswith(("Etc/", "SystemV/", "US/"))
        and zone not in USUAL_ZONES
    )
    return [(zone, zone.replace("_", " ")) for zone in (*USUAL_ZONES, *others)]


def country_name(code: str) -> str:
    """Return the name of a country or region in the reader's language."""
    locale = get_locale() or Locale("en")
    words = COUNTRY_WORDS.get(str(locale), COUNTRY_WORDS["en"])
    return words.get(code) or locale.territories.get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """Return countries and regions by name; those of Hong Kong and Macao stand under China."""
    locale = get_locale() or Locale("en")
    codes = [str(code) for code in locale.territories]
    named = [
        (c, country_name(c)) for c in codes if COUNTRY_CODE.fullmatch(c) and c not in NO_COUNTRIES
    ]
    return sorted(named, key=lambda pair: (pair[0] != "CN", pair[1]))


class CheckboxesField(SelectMultipleField):
    """Several of a few choices, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SchoolForm(BaseForm):
    name = StringField(
        _l("Name"),
        validators=[DataRequired(MISSING), Length(max=160)],
        filters=[trimmed],
        description=_l("In full, as the school writes it itself."),
    )
    code = StringField(
        _l("Short code"),
        validators=[DataRequired(MISSING), Length(max=20), CODE_SHAPE],
        filters=[trimmed],
        description=_l(
            "Stands in addresses and calendars, such as S05. It cannot be changed later."
        ),
    )
    region = SelectField(
        _l("Travels from"), description=_l("Decides from when until when its groups are there.")
    )
    country = SelectField(_l("Country or region"))
    district = SelectField(
        _l("District"), description=_l("Whose bureau reviews the school's entries.")
    )
    stages = CheckboxesField(_l("School stages"))
    code_scheme = SelectField(_l("Whose number"))
    official_code = StringField(
        _l("Official number"), validators=[Length(max=20)], filters=[trimmed]
    )
    timezone = SelectField(_l("Time zone"))
    locale = SelectField(
        _l("Language"), description=_l("For the school's mails and its people's calendars.")
    )

    def offer_choices(self) -> None:
        """Fill the selections with words of the reader's language."""
        self.region.choices = select_choices(REGIONS.items())
        self.country.choices = select_choices(country_choices())
        none = ("", _("None"))
        self.district.choices = select_choices(
            [none, *((d.code, f"{d.name} ({d.code})") for d in all_districts())]
        )
        self.stages.choices = select_choices(STAGES.items())
        self.code_scheme.choices = select_choices([none, *CODE_SCHEMES.items()])
        self.timezone.choices = select_choices(zone_choices())
        self.locale.choices = select_choices(LOCALES.items())

    @property
    def details(self) -> SchoolDetails:
        """What was filled in."""
        return SchoolDetails(
            code=str(self.code.data) if "code" in self else "",
            name=str(self.name.data),
            region=Region(self.region.data),
            country=str(self.country.data),
            stages=tuple(self.stages.data or ()),
            district_code=self.district.data or None,
            timezone=str(self.timezone.data),
            locale=str(self.locale.data),
            code_scheme=CodeScheme(self.code_scheme.data) if self.code_scheme.data else None,
            official_code=self.official_code.data or None,
        )


def school_values(school: School) -> dict[str, object]:
    """Return what the form shows of a stored school."""
    return {
        "name": school.name,
        "region": school.region.value,
        "country": school.country,
        "district": school.district.code if school.district else "",
        "stages": school.stages,
        "code_scheme": school.code_scheme.value if school.code_scheme else "",
        "official_code": school.official_code,
        "timezone": school.timezone,
        "locale": school.locale,
    }


class DistrictForm(BaseForm):
    name = StringField(
        _l("Name"), validators=[DataRequired(MISSING), Length(max=80)], filters=[trimmed]
    )
    code = StringField(
        _l("Code"),
        validators=[DataRequired(MISSING), Length(max=12), CODE_SHAPE],
        filters=[trimmed],
        description=_l("The six digits of GB/T 2260, such as 440112."),
    )
