"""What coordinators fill in about lots: numbers drawn by hand, a source of a seed, the seed."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from scheduler.applications.models import Application
from scheduler.lotteries.lists import LONGEST_SEED
from scheduler.programmes.fields import (
    MISSING,
    WHOLE_NUMBER,
    LocalTimesForm,
    text_field,
    wall_field,
)
from scheduler.web import BaseForm, trimmed

LARGEST_LOT = 9_999


class TypedLotsForm(BaseForm):
    """A number for each group; `typed_lots_form` adds the fields."""

    refs: tuple[str, ...] = ()

    def numbers(self) -> dict[str, int]:
        """Return each group's number."""
        return {ref: int(self[f"lot_{ref}"].data) for ref in self.refs}

    def validate(self, extra_validators: Any = None) -> bool:
        """Demand that no two groups have the same number."""
        whole = bool(super().validate(extra_validators))
        seen: set[int] = set()
        for ref in self.refs:
            field = self[f"lot_{ref}"]
            if field.data in seen:
                field.errors = [*field.errors, str(_l("Another group has this number already."))]
                whole = False
            elif field.data is not None:
                seen.add(field.data)
        return whole


def typed_lots_form(groups: Mapping[str, Application]) -> TypedLotsForm:
    """Return the form with a field for each group."""
    fields: dict[str, Any] = {
        f"lot_{ref}": IntegerField(
            group.group_name,
            validators=[InputRequired(MISSING), NumberRange(1, LARGEST_LOT, WHOLE_NUMBER)],
            description=ref,
            render_kw={"min": 1, "max": LARGEST_LOT},
        )
        for ref, group in groups.items()
    }
    form: TypedLotsForm = type("FilledLotsForm", (TypedLotsForm,), fields)()
    form.refs = tuple(groups)
    return form


class AnnounceForm(LocalTimesForm):
    """From where and when the seed will come."""

    seed_source = TextAreaField(
        _l("Where the seed will come from"),
        validators=[DataRequired(MISSING), Length(max=400)],
        filters=[trimmed],
        description=_l(
            "Such as the numbers of a public lottery, or numbers that leaders call out on stage "
            "one after the other. It is part of the list."
        ),
        render_kw={"rows": 3, "maxlength": 400},
    )
    seed_at = wall_field(
        _l("When it will be known"),
        description=_l("The order can be drawn from then on, not before."),
    )


class SeedForm(BaseForm):
    """The seed, as the source gave it."""

    seed = text_field(
        _l("Seed"),
        LONGEST_SEED,
        description=_l(
            "As the source gave it, in the order that was stated, with one blank between numbers."
        ),
    )
