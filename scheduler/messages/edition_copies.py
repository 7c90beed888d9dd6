"""What an edition's copy takes over of its messages: all own words."""

from scheduler.database import db
from scheduler.notifications import own_words
from scheduler.notifications.models import MessageText
from scheduler.programmes.editions import EditionCopy, on_copy


def copy_messages(copy: EditionCopy) -> None:
    """Copy the programme's own words; names and dates in them are placeholders, or read again."""
    db.session.add_all(
        MessageText(
            programme_id=copy.edition.id,
            code=code,
            subjects=dict(text.subjects),
            bodies=dict(text.bodies),
        )
        for code, text in own_words.of_programme(copy.source.id).items()
    )


on_copy(copy_messages)
