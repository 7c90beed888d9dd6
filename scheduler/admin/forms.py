"""What staff fill in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from scheduler.accounts.forms import (
    MISSING,
    NAME_LENGTH,
    PlainName,
    email_field,
    locale_field,
    single_spaced,
)
from scheduler.admin import scopes
from scheduler.web import BaseForm

INVITED_HINT = _l("Of the invitation, and of the pages until they choose another one.")


def role_field() -> SelectField:
    """A role together with what it is granted for."""
    return SelectField(_l("Role"), validators=[DataRequired(MISSING)])


def optional_name_field() -> StringField:
    """A name that the invited person can correct."""
    return StringField(
        _l("Full name"),
        validators=[Length(max=NAME_LENGTH), PlainName()],
        filters=[single_spaced],
        description=_l("May stay empty: who is invited writes it."),
        render_kw={"autocomplete": "off"},
    )


class GrantForm(BaseForm):
    role = role_field()

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.role.choices = scopes.choices()


class AddressForm(BaseForm):
    email = email_field(autocomplete="off")


class InviteForm(GrantForm):
    email = email_field(autocomplete="off")
    name = optional_name_field()
    locale = locale_field(INVITED_HINT)
    role = role_field()


class OfficerForm(BaseForm):
    email = email_field(autocomplete="off")
    name = optional_name_field()
    locale = locale_field(INVITED_HINT)


class OfficerOfSchoolForm(OfficerForm):
    school = SelectField(_l("School"), validators=[DataRequired(MISSING)])
    email = email_field(autocomplete="off")
    name = optional_name_field()
    locale = locale_field(INVITED_HINT)
