"""What people fill in about accounts."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import EmailField, Field, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from scheduler.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from scheduler.languages import LOCALES
from scheduler.web import BaseForm, select_choices, trimmed

MISSING = _l("Please fill this in.")
NAME_LENGTH = 120
_NO_NAME = re.compile(r"[/\\<>]|www\.", re.IGNORECASE)


def single_spaced(value: str | None) -> str | None:
    """Return the text on one line, without blanks at its ends or several in a row (a filter)."""
    return " ".join(value.split()) if value else value


class PlainName:
    """Accepts what can be a name; mails in our name carry it to people who trust us.

    Nothing that a mail program makes a link of, no markup, no invisible characters.
    """

    def __call__(self, _form: BaseForm, field: Field) -> None:
        text = field.data or ""
        if not text.isprintable() or _NO_NAME.search(text):
            raise ValidationError(
                _("Please write the name only, without addresses of pages and special characters.")
            )


def email_field(**render: Any) -> EmailField:
    """An address, typed by people and password managers."""
    return EmailField(
        _l("E-mail address"),
        validators=[DataRequired(MISSING), Length(max=254)],
        filters=[trimmed],
        render_kw={"autocomplete": "username", "spellcheck": "false", **render},
    )


def name_field() -> StringField:
    """A person's name, as they write it."""
    return StringField(
        _l("Full name"),
        validators=[DataRequired(MISSING), Length(max=NAME_LENGTH), PlainName()],
        filters=[single_spaced],
        render_kw={"autocomplete": "name", "maxlength": NAME_LENGTH},
    )


def locale_field(
    hint: LazyString = _l("For the pages and for the mails that you get."),  # noqa: B008 - lazy text
) -> SelectField:
    """One of our languages, each under its own name."""
    return SelectField(_l("Language"), choices=select_choices(LOCALES.items()), description=hint)


def new_password_field() -> PasswordField:
    """A password to be chosen; the rule itself is in `accounts.passwords`."""
    return PasswordField(
        _l("New password"),
        validators=[DataRequired(MISSING)],
        description=_l(
            "At least %(length)s characters. A few words are easy to remember and hard to guess.",
            length=MIN_LENGTH,
        ),
        render_kw={"autocomplete": "new-password", "maxlength": MAX_LENGTH},
    )


def repeat_field() -> PasswordField:
    """The same once more, against slips."""
    return PasswordField(
        _l("New password, once more"),
        validators=[DataRequired(MISSING), EqualTo("password", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password", "maxlength": MAX_LENGTH},
    )


class SignInForm(BaseForm):
    email = email_field(autofocus=True)
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(MISSING)],
        render_kw={"autocomplete": "current-password"},
    )


class AcceptForm(BaseForm):
    name = name_field()
    locale = locale_field()
    password = new_password_field()
    repeated = repeat_field()


class FirstAdministratorForm(AcceptForm):
    email = email_field()


class RequestResetForm(BaseForm):
    email = email_field(autofocus=True)


class ResetForm(BaseForm):
    password = new_password_field()
    repeated = repeat_field()


class PasswordForm(BaseForm):
    current = PasswordField(
        _l("Present password"),
        validators=[DataRequired(MISSING)],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password_field()
    repeated = repeat_field()


class DetailsForm(BaseForm):
    name = name_field()
    locale = locale_field()
