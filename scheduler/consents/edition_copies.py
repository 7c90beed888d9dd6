"""What an edition's copy takes over of its consents: rules and purposes, no consent of anybody."""

from scheduler.consents.services import Terms, asked_purposes, newest_wordings, set_purpose
from scheduler.database import db
from scheduler.people.consent_models import ConsentRules
from scheduler.programmes.editions import EditionCopy, on_copy


def copy_consents(copy: EditionCopy) -> None:
    """Copy the rules, and publish each purpose's texts for the new edition as version 1.

    Whoever consented for the old edition has not consented for the new one.
    """
    rules = db.session.get(ConsentRules, copy.source.id)
    if rules is not None:
        db.session.add(
            ConsentRules(
                programme_id=copy.edition.id,
                needs_own_consent=rules.needs_own_consent,
                reminder_days=rules.reminder_days,
                contact=rules.contact,
            )
        )
        db.session.flush()
    for asked in asked_purposes(copy.source.id):
        terms = Terms(
            is_asked=asked.is_asked,
            is_required=asked.is_required,
            until_on=copy.shift.day(asked.until_on),
            wordings=newest_wordings(copy.source, asked.purpose),
            recipient=asked.recipient,
            country=asked.country,
        )
        set_purpose(copy.edition, asked.purpose, terms, revision=0, actor=copy.actor, now=copy.now)


on_copy(copy_consents)
