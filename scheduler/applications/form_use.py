"""How often a programme's fields and their options are answered: what may not be lost."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from scheduler.applications.models import Application, Member
from scheduler.database import db
from scheduler.programmes.form_fields import FieldOwner
from scheduler.programmes.form_models import FormField


def answer_counts(programme_id: int, fields: Iterable[FormField]) -> dict[str, int]:
    """Return how many groups or pupils have answered each field, in two queries."""
    owned = list(fields)
    found: dict[str, int] = {}
    for owner in FieldOwner:
        codes = [field.code for field in owned if field.owner is owner]
        if not codes:
            continue
        column = _answers(owner)
        counts = [func.count(column[code].as_string()) for code in codes]
        row = db.session.execute(_of_programme(select(*counts), owner, programme_id)).one()
        found |= dict(zip(codes, row, strict=True))
    return found


def option_counts(field: FormField) -> Counter[str]:
    """Return how often each option of a field was chosen."""
    answer = _answers(field.owner)[field.code].as_string()
    query = _of_programme(select(answer, func.count()), field.owner, field.programme_id)
    rows = db.session.execute(query.where(answer.is_not(None)).group_by(answer))
    return Counter({str(chosen): int(count) for chosen, count in rows})


def _answers(owner: FieldOwner) -> Any:
    return Member.answers if owner is FieldOwner.MEMBER else Application.answers


def _of_programme(query: Any, owner: FieldOwner, programme_id: int) -> Any:
    if owner is FieldOwner.MEMBER:
        query = query.select_from(Member).join(Application, Member.application_id == Application.id)
    else:
        query = query.select_from(Application)
    return query.where(Application.programme_id == programme_id)
