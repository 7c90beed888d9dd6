"""What coordinators, officers and guardians fill in about consents."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from scheduler.consents.refusals import ConsentRefusal
from scheduler.consents.services import Terms
from scheduler.consents.texts import RELATION_LABELS
from scheduler.consents.wording import LONGEST
from scheduler.errors import Refused
from scheduler.languages import LOCALES
from scheduler.organisations.forms import country_choices, country_name
from scheduler.people.consent_models import AskedPurpose, ConsentRules
from scheduler.people.models import Relation
from scheduler.people.phones import parse_email, parse_phone
from scheduler.programmes.fields import MISSING, number_field, sensible_year, text_field
from scheduler.texts import sentence
from scheduler.web import BaseForm, select_choices, trimmed

NEARBY = ("HK", "MO", "CN")
"""Beyond the border for data, though regions of one country: offered before all others."""


class RulesForm(BaseForm):
    version = HiddenField()
    contact = text_field(
        _l("Person in charge, and where guardians ask and complain"),
        200,
        description=_l("A name with a telephone number or address. It stands in every text."),
    )
    needs_own_consent = BooleanField(
        _l("The guardian's own consent is needed"),
        description=_l(
            "Otherwise it suffices for taking part that the school declares to hold the "
            "guardian's consent. Entry always takes the school's word."
        ),
    )
    reminder_days = number_field(
        _l("Days between two mails to one guardian"),
        1,
        60,
        description=_l("A reminder is not sent earlier, however often somebody clicks."),
    )


def rule_values(rules: ConsentRules) -> dict[str, Any]:
    """Return what the form shows of the programme's rules."""
    keys = ("version", "contact", "needs_own_consent", "reminder_days")
    return {key: getattr(rules, key) for key in keys}


def _wording(locale: str) -> TextAreaField:
    return TextAreaField(
        _l("Text in %(language)s", language=LOCALES[locale]),
        validators=[DataRequired(MISSING), Length(max=LONGEST)],
        render_kw={"rows": 12, "lang": locale.replace("_", "-")},
    )


class PurposeForm(BaseForm):
    revision = HiddenField()
    is_asked = BooleanField(_l("Ask guardians for this"))
    is_required = BooleanField(
        _l("Needed for taking part"),
        description=_l("A place is not confirmed while it is missing or refused."),
    )
    recipient = StringField(_l("Recipient abroad"), validators=[Length(max=160)], filters=[trimmed])
    country = SelectField(_l("Country or region of the recipient"))
    until_on = DateField(_l("Kept until"), validators=[InputRequired(MISSING), sensible_year])
    wording_en = _wording("en")
    wording_zh_hans = _wording("zh_Hans")
    wording_zh_hant_hk = _wording("zh_Hant_HK")
    asks_again = BooleanField(
        _l("Ask everybody again"),
        description=_l(
            "Consents to earlier texts no longer count. Needed when more than the wording changes."
        ),
    )

    def offer_choices(self) -> None:
        """Fill the selection of countries."""
        near = [(code, country_name(code)) for code in NEARBY]
        others = [pair for pair in country_choices() if pair[0] not in NEARBY]
        self.country.choices = select_choices([("", "–"), *near, *others])

    def terms(self) -> Terms:
        """What was filled in."""
        if self.until_on.data is None:
            raise ValueError("The form was not validated.")
        return Terms(
            is_asked=bool(self.is_asked.data),
            is_required=bool(self.is_required.data),
            until_on=self.until_on.data,
            wordings={
                locale: str(self[f"wording_{locale.lower()}"].data or "") for locale in LOCALES
            },
            recipient=str(self.recipient.data or "") if "recipient" in self else "",
            country=str(self.country.data or "") if "country" in self else "",
            asks_again=bool(self.asks_again.data) if "asks_again" in self else False,
        )


def purpose_values(asked: AskedPurpose | None, wordings: dict[str, str]) -> dict[str, Any]:
    """Return what the form shows of a purpose."""
    keys = ("revision", "is_asked", "is_required", "recipient", "country", "until_on")
    shown = {key: getattr(asked, key) for key in keys} if asked else {"revision": 0}
    return shown | {f"wording_{locale.lower()}": text for locale, text in wordings.items()}


class SignatureForm(BaseForm):
    signer = StringField(
        _l("Your name"),
        validators=[DataRequired(_l("Please write your name.")), Length(max=80)],
        filters=[trimmed],
        render_kw={"autocomplete": "name"},
    )
    relation = SelectField(
        _l("You are the child's"),
        validators=[DataRequired(_l("Please choose what you are to the child."))],
    )

    is_answered = True
    """Whether a yes or no came with the signature; the page's radio buttons are no fields."""

    def offer_choices(self) -> None:
        """Fill the selection of relations; none is chosen beforehand."""
        self.relation.choices = select_choices([("", "–"), *RELATION_LABELS.items()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Say that nothing was answered beside what the signature lacks."""
        is_valid = bool(super().validate(extra_validators))
        if self.is_answered:
            return is_valid
        self.form_errors.append(sentence(ConsentRefusal.NOTHING_ANSWERED))
        return False

    @property
    def chosen_relation(self) -> Relation | None:
        """Return the relation that was chosen, if one was."""
        return Relation(self.relation.data) if self.relation.data in set(Relation) else None


class ContactForm(BaseForm):
    phone = StringField(
        _l("New phone number"),
        validators=[Optional(), Length(max=40)],
        filters=[trimmed],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    email = StringField(
        _l("New e-mail address"),
        validators=[Optional(), Length(max=254)],
        filters=[trimmed],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )

    country = "CN"
    """Whose numbers are meant that say no country; the family's school tells."""

    def validate_phone(self, field: Any) -> None:
        """Say what is wrong with the number, beside what is wrong with the address."""
        _demand_readable(lambda: parse_phone(field.data, self.country))

    def validate_email(self, field: Any) -> None:
        """Say what is wrong with the address."""
        _demand_readable(lambda: parse_email(field.data))

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a form that changes nothing: it would be said to be saved."""
        if not super().validate(extra_validators):
            return False
        if self.phone.data or self.email.data:
            return True
        self.form_errors.append(_("Please fill in a phone number or an e-mail address."))
        return False


def _demand_readable(read: Callable[[], object]) -> None:
    try:
        read()
    except Refused as refusal:
        raise ValidationError(sentence(refusal.code, **refusal.facts)) from refusal


class HealthForm(BaseForm):
    note = TextAreaField(
        _l("New health note"),
        validators=[DataRequired(MISSING), Length(max=200)],
        filters=[trimmed],
        description=_l("Allergies, illnesses, medicine, diet: only what helpers must know."),
        render_kw={"rows": 4, "autocomplete": "off", "maxlength": 200},
    )
