"""What coordinators fill in about a notice, and everybody about an objection."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from scheduler.formats import named
from scheduler.organisations.forms import CheckboxesField
from scheduler.programmes.fields import (
    MISSING,
    NamedForm,
    name_values,
    number_field,
    text_field,
)
from scheduler.programmes.models import Category, Names
from scheduler.publicity.days import DayKind, read_days
from scheduler.publicity.models import ObjectionState, PublicNotice
from scheduler.publicity.objections import ObjectionDetails
from scheduler.publicity.services import NoticeDetails
from scheduler.publicity.texts import ANSWERS, DAY_KINDS
from scheduler.web import BaseForm, select_choices, trimmed

LONGEST_TEXT = 4000
LONGEST_REASON = 2000
SHORTEST_REASON = 10
MOST_DAYS = 60
MOST_DAYS_OFF = 100
LEAST_LETTERS = 2
TEXT_FIELDS = {"text_en": "en", "text_zh_hans": "zh_Hans", "text_zh_hant": "zh_Hant_HK"}


def unix_lines(value: str | None) -> str | None:
    """Return the text with plain line ends: browsers send two characters for each."""
    return value.replace("\r\n", "\n") if value else value


def long_field(label: Any, longest: int, *, required: bool, **options: Any) -> TextAreaField:
    """Some paragraphs, trimmed."""
    present = DataRequired(MISSING) if required else Optional()
    rows = options.pop("rows", 5)
    return TextAreaField(
        label,
        validators=[present, Length(max=longest)],
        filters=[trimmed, unix_lines],
        render_kw={"rows": rows, "maxlength": longest},
        **options,
    )


class NoticeForm(NamedForm):
    text_en = long_field(_l("Text in English"), LONGEST_TEXT, required=True)
    text_zh_hans = long_field(_l("Text in simplified Chinese"), LONGEST_TEXT, required=False)
    text_zh_hant = long_field(_l("Text in traditional Chinese"), LONGEST_TEXT, required=False)
    categories = CheckboxesField(
        _l("Categories"),
        coerce=int,
        validators=[DataRequired(_l("Choose at least one category."))],
        description=_l("Their accepted groups are shown."),
    )
    days = number_field(
        _l("Number of days"),
        1,
        MOST_DAYS,
        description=_l("Whole days; the day of publication is not counted."),
    )
    day_kind = SelectField(_l("Which days are counted"))
    days_off = TextAreaField(
        _l("Days off"),
        filters=[trimmed],
        description=_l(
            "For working days: besides weekends and public holidays, these are not counted. One "
            "date per line, such as 2027-05-04."
        ),
        render_kw={"rows": 3},
    )
    shows_pupils = BooleanField(
        _l("Show how many pupils each group has"), description=_l("Names are never shown.")
    )
    version = HiddenField()

    def offer_choices(self, categories: list[Category]) -> None:
        """Fill the selections."""
        self.categories.choices = select_choices(
            [(str(category.id), named(category.names)) for category in categories]
        )
        self.day_kind.choices = select_choices(DAY_KINDS.items())

    def validate_days_off(self, field: TextAreaField) -> None:
        """Every line must be a date."""
        found, wrong = read_days(field.data or "")
        if wrong:
            raise ValidationError(_("This is no date: %(text)s", text=wrong[0][:40]))
        if len(found) > MOST_DAYS_OFF:
            raise ValidationError(_("At most %(count)s days, please.", count=MOST_DAYS_OFF))

    @property
    def texts(self) -> Names:
        """The texts that were filled in, by language."""
        filled = {locale: self[field].data for field, locale in TEXT_FIELDS.items()}
        return {locale: str(text) for locale, text in filled.items() if text}

    def details(self) -> NoticeDetails:
        """What was filled in."""
        days_off, _wrong = read_days(self.days_off.data or "")
        return NoticeDetails(
            titles=self.names,
            texts=self.texts,
            category_ids=tuple(self.categories.data or ()),
            days=int(self.days.data or 0),
            day_kind=DayKind(self.day_kind.data),
            days_off=tuple(days_off),
            shows_pupils=bool(self.shows_pupils.data),
        )


def notice_values(notice: PublicNotice) -> dict[str, Any]:
    """Return what the form shows of a stored notice."""
    texts = {field: notice.texts.get(locale, "") for field, locale in TEXT_FIELDS.items()}
    return (
        name_values(notice.titles)
        | texts
        | {
            "categories": [category.id for category in notice.categories],
            "days": notice.days,
            "day_kind": notice.day_kind.value,
            "days_off": "\n".join(notice.days_off),
            "shows_pupils": notice.shows_pupils,
            "version": notice.version,
        }
    )


class CorrectionForm(BaseForm):
    correction = long_field(
        _l("What is corrected"),
        1000,
        required=False,
        rows=3,
        description=_l("Shown on the page beside the number of the version."),
    )
    restarts = BooleanField(_l("Let the days run anew from this version"))
    version = HiddenField()
    digest = HiddenField()


class ObjectionForm(BaseForm):
    name = text_field(
        _l("Your real name"),
        80,
        description=_l("Objections without a name are not accepted. It is not published."),
        render_kw={"autocomplete": "name", "maxlength": 80},
    )
    email = EmailField(
        _l("E-mail address"),
        validators=[DataRequired(MISSING), Length(max=254)],
        filters=[trimmed],
        description=_l("You get a confirmation and the answer there."),
        render_kw={"autocomplete": "email", "maxlength": 254},
    )
    phone = text_field(
        _l("Telephone"),
        40,
        required=False,
        render_kw={"autocomplete": "tel", "maxlength": 40},
    )
    about = text_field(
        _l("Which school or group"), 160, required=False, render_kw={"maxlength": 160}
    )
    reason = long_field(
        _l("Reason"),
        LONGEST_REASON,
        required=True,
        description=_l(
            "Facts that can be checked, in at least %(count)s characters. Please do not name "
            "pupils if you can avoid it.",
            count=SHORTEST_REASON,
        ),
    )

    def validate_name(self, field: Any) -> None:
        """A name has letters; whether it is one's own, the coordinators ask."""
        if sum(map(str.isalpha, field.data or "")) < LEAST_LETTERS:
            raise ValidationError(_("Please give your name in letters."))

    def validate_email(self, field: Any) -> None:
        """The address must at least have the shape of one."""
        try:
            validate_email(field.data or "", check_deliverability=False)
        except EmailNotValidError:
            text = _("This is not an e-mail address. It looks like name@school.example.")
            raise ValidationError(text) from None

    def validate_reason(self, field: Any) -> None:
        """A word is no reason that anybody could look into."""
        if len(field.data or "") < SHORTEST_REASON:
            raise ValidationError(
                _("Please write at least %(count)s characters.", count=SHORTEST_REASON)
            )

    def details(self, locale: str) -> ObjectionDetails:
        """What was filled in."""
        return ObjectionDetails(
            name=str(self.name.data),
            email=str(self.email.data).lower(),
            phone=self.phone.data or None,
            about=self.about.data or None,
            reason=str(self.reason.data),
            locale=locale,
        )


class AnswerForm(BaseForm):
    state = RadioField(_l("Outcome"), default=ObjectionState.ANSWERED)
    answer = long_field(
        _l("Answer"), LONGEST_REASON, required=False, description=_l("The objector is mailed it.")
    )
    version = HiddenField()

    def offer_choices(self) -> None:
        """Fill the selection."""
        self.state.choices = select_choices(ANSWERS.items())

    @property
    def outcome(self) -> ObjectionState:
        """The state that was chosen."""
        return ObjectionState(self.state.data)
