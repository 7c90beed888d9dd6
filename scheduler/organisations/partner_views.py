"""Pages about the organisations behind programmes."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import Page, page_of
from scheduler.organisations import partners
from scheduler.organisations.forms import (
    CODE_SHAPE,
    MISSING,
    country_choices,
    country_name,
)
from scheduler.organisations.models import Organisation
from scheduler.organisations.partners import OrganisationDetails
from scheduler.organisations.views import Answer, blueprint
from scheduler.web import BaseForm, select_choices, trimmed

NAMES = {"name_en": "en", "name_zh_hans": "zh_Hans", "name_zh_hant": "zh_Hant_HK"}
WEB_ADDRESS = Regexp(r"^https?://\S+$", message=_l("An address begins with https:// or http://."))


def _name_field(label: Any, validator: Any) -> StringField:
    return StringField(label, validators=[validator, Length(max=160)], filters=[trimmed])


class OrganisationForm(BaseForm):
    name_en = _name_field(_l("Name in English"), DataRequired(MISSING))
    name_zh_hans = _name_field(_l("Name in simplified Chinese"), Optional())
    name_zh_hant = _name_field(_l("Name in traditional Chinese"), Optional())
    code = StringField(
        _l("Short code"),
        validators=[DataRequired(MISSING), Length(max=20), CODE_SHAPE],
        filters=[trimmed],
        description=_l("Stands in addresses. It cannot be changed later."),
    )
    country = SelectField(_l("Country or region"))
    url = StringField(
        _l("Web address"), validators=[Optional(), Length(max=300), WEB_ADDRESS], filters=[trimmed]
    )

    def offer_choices(self) -> None:
        """Fill the selection of countries."""
        self.country.choices = select_choices(country_choices())

    @property
    def details(self) -> OrganisationDetails:
        """What was filled in."""
        filled = {locale: self[field].data for field, locale in NAMES.items()}
        return OrganisationDetails(
            code=str(self.code.data) if "code" in self else "",
            names={locale: str(name) for locale, name in filled.items() if name},
            country=str(self.country.data),
            url=self.url.data or None,
        )


def find_organisation(code: str) -> Organisation:
    """Return the organisation of an address."""
    return partners.find_organisation(code)


@blueprint.get("/organisations")
@access(Permission.PROGRAMME_EDIT)
def organisations() -> Answer:
    """List the organisations that programmes can name."""
    page: Page[Organisation] = page_of(
        select(Organisation), sorts={"code": Organisation.code}, default_sort="code"
    )
    return render_template("organisations/organisations.html", page=page, country_name=country_name)


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT)
def new_organisation() -> Answer:
    """Add an organisation; programmes then give it a part."""
    form = OrganisationForm(data={"country": "CN"})
    form.offer_choices()
    if form.validate_on_submit():
        try:
            with transaction():
                partners.add_organisation(form.details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The organisation was added."), "success")
            return redirect(url_for("organisations.organisations"), code=303)
    return _form_page(form, None)


@blueprint.route("/organisations/<string:code>/edit", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER, find_organisation)
def edit_organisation(thing: Organisation) -> Answer:
    """Change an organisation's names and address: every programme shows them."""
    names = {field: thing.names.get(locale, "") for field, locale in NAMES.items()}
    form = OrganisationForm(data={**names, "country": thing.country, "url": thing.url})
    form.offer_choices()
    del form.code
    if form.validate_on_submit():
        with transaction():
            partners.change_organisation(
                thing, form.details, actor=current_actor(), now=clock.now()
            )
        flash(_("The organisation was changed."), "success")
        return redirect(url_for("organisations.organisations"), code=303)
    return _form_page(form, thing)


@blueprint.post("/organisations/<string:code>/remove")
@access(Permission.PLATFORM_ADMINISTER, find_organisation)
def remove_organisation(thing: Organisation) -> Answer:
    """Remove an organisation that has no part in any programme."""
    with transaction():
        partners.remove_organisation(thing, actor=current_actor(), now=clock.now())
    flash(_("The organisation was removed."), "success")
    return redirect(url_for("organisations.organisations"), code=303)


def _form_page(form: OrganisationForm, organisation: Organisation | None) -> Answer:
    page = render_template(
        "organisations/organisation_form.html", form=form, organisation=organisation
    )
    return page, 422 if request.method == "POST" else 200
