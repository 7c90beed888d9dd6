"""Coordinators' fields as columns of a list: what its reader sees of them on the pages, no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications.answers_kept import opened_answers
from scheduler.applications.forms_stored import specs_of
from scheduler.applications.models import Application, Member
from scheduler.applications.shown_answers import answers_in_words, visible_fields
from scheduler.applications.viewers import Viewer, can_see
from scheduler.formats import named
from scheduler.people.keys import current_sealer
from scheduler.programmes.form_fields import FieldOwner, FieldSpec
from scheduler.programmes.models import Programme
from scheduler.reports.tables import Column, Row


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """A column for each field of one owner that the list's reader may see, retired ones too."""

    fields: Sequence[FieldSpec]

    @property
    def columns(self) -> list[Column]:
        """The headings: the names of the fields, in the reader's language."""
        return [Column(named(dict(spec.names))) for spec in self.fields]

    @property
    def blank(self) -> Row:
        """The cells of somebody whose answers the reader does not see."""
        return (None,) * len(self.fields)

    def of_groups(self, actor: Actor, groups: Sequence[Application]) -> list[Row]:
        """Return the cells of each group; of the actor's own what its school may see."""
        rows = answers_in_words((each.answers for each in groups), self.fields)
        return self._seen(actor, groups, rows)

    def of_people(self, actor: Actor, members: Sequence[Member]) -> list[Row]:
        """Return the cells of members of many groups; of the actor's own what a school may see."""
        groups = [member.application for member in members]
        return self._seen(actor, groups, self.of_members(members))

    def of_members(self, members: Iterable[Member]) -> Sequence[Row]:
        """Return the cells of members of one group."""
        if not self.fields:
            return [() for _member in members]
        sealer = current_sealer()
        opened = (opened_answers(each.answers, sealer) for each in members)
        return answers_in_words(opened, self.fields)

    def _seen(self, actor: Actor, groups: Sequence[Application], rows: Sequence[Row]) -> list[Row]:
        """Blank in an own entry what staff note for themselves (as `viewers.viewer_of` does)."""
        return [
            tuple(
                cell if can_see(Viewer.OFFICER, spec) else None
                for spec, cell in zip(self.fields, row, strict=True)
            )
            if can(actor, Permission.APPLICATION_ENTER, group.subject)
            else row
            for group, row in zip(groups, rows, strict=True)
        ]


def programme_columns(actor: Actor, programme: Programme, owner: FieldOwner) -> AnswerColumns:
    """Return the columns of a list of a whole programme, for who decides on it or reviews it."""
    decides = can(actor, Permission.APPLICATION_DECIDE, programme.subject)
    return answer_columns(
        specs_of(programme.id), Viewer.STAFF if decides else Viewer.REVIEWER, owner
    )


def answer_columns(
    fields: Iterable[FieldSpec], viewer: Viewer | None, owner: FieldOwner
) -> AnswerColumns:
    """Return the columns of those fields that the viewer may see."""
    return AnswerColumns(visible_fields(fields, viewer, owner))
