"""The form of a substitution: why, and who comes, asked by the same columns as the entry form."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from scheduler.applications.entry_forms import EntryForm, member_form
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.models import Member
from scheduler.applications.roster_stored import declared_of
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.substitution_entering import ASKED_OF_KNOWN
from scheduler.database import db
from scheduler.people.models import Person
from scheduler.programmes.fields import MISSING
from scheduler.programmes.form_fields import is_mark


class SubstitutionForm(EntryForm):
    """Made by `substitution_form`."""

    reason = TextAreaField(
        _l("Why the member is substituted"),
        description=_l("Read by the coordinators until they have decided. Give no diagnosis."),
        validators=[DataRequired(MISSING)],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )


def substitution_form(plan: FormPlan, coming: Person | None) -> SubstitutionForm:
    """Return the form; of somebody whom the school has entered before it asks little."""
    form = member_form(plan, SubstitutionForm)
    if coming is not None:
        marks = {key for key in form.columns if is_mark(key)}
        form.limit_to(marks | set(ASKED_OF_KNOWN))
    return form


def proposed_values(leaving: Member, coming: Person | None) -> Mapping[str, str | None]:
    """Return what is taken over: the part of whoever leaves, what is known of whoever comes."""
    if coming is None:
        return {"part": leaving.part}
    grade = db.session.scalar(
        select(Member.grade)
        .where(Member.person_id == coming.id, Member.grade.is_not(None))
        .order_by(Member.id.desc())
        .limit(1)
    )
    held = "Y" if coming.id in declared_of(coming.school_id) else None
    return {"part": leaving.part, "grade": grade, "consent_held": held}
