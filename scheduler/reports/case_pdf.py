"""A case on paper: everything of an application that its reader may see on the page, no more."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications.case_facts import CaseFacts, Happening, age_band, case_facts
from scheduler.applications.current_form import form_for
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.findings import findings_by_id, kinds_of
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.guests import is_guest, shown_in_full
from scheduler.applications.models import Application, Member
from scheduler.applications.queries import members_of, waitlist_rank_by_id
from scheduler.applications.shown_answers import member_answers
from scheduler.applications.texts import ROLE_LABELS, finding_count, missing_text
from scheduler.applications.viewers import Viewer, viewer_of
from scheduler.database import db
from scheduler.formats import format_instant, named
from scheduler.organisations.texts import REGIONS
from scheduler.people.keys import current_sealer
from scheduler.reports.entry_parts import write_answers, write_works
from scheduler.states import state_look

if TYPE_CHECKING:
    from scheduler.reports.paper import Paper


@dataclass(frozen=True, slots=True)
class Sight:
    """What of the people a reader may see: the case page and the school's page differ in it.

    Reviewers without the right to read persons see nobody; leaders see age bands, no birth dates.
    Of guest schools' pupils only who decides sees more than name, role and part. Of coordinators'
    fields in `form` the `viewer` sees what the pages show.
    """

    form: FormPlan
    viewer: Viewer | None
    is_reviewer: bool
    sees_people: bool
    sees_births: bool
    sees_guests: bool


def sight_of(actor: Actor, application: Application) -> Sight:
    """Return what the actor may see of the application's people."""
    subject = application.subject
    sees_births = can(actor, Permission.PERSON_READ, subject)
    is_reviewer = can(actor, Permission.APPLICATION_REVIEW, subject)
    sees_guests = can(actor, Permission.APPLICATION_DECIDE, subject)
    return Sight(
        form=form_for(application),
        viewer=viewer_of(actor, application),
        is_reviewer=is_reviewer,
        sees_people=sees_births or not is_reviewer,
        sees_births=sees_births,
        sees_guests=sees_guests,
    )


def case_pdf(
    application: Application, sight: Sight, *, locale: str, mark: str, font: str = ""
) -> tuple[bytes, int]:
    """Return the PDF and how many people it names; raises `Refused` without a Chinese font."""
    from scheduler.reports.paper import Paper  # noqa: PLC0415 - loads fpdf and fontTools

    facts = case_facts(application, sight.form, sight.viewer)
    members = _members(application) if sight.sees_people else []
    paper = Paper(application.group_name, locale, mark, font=font)
    paper.heading(application.group_name)
    programme, category = application.programme, application.category
    paper.paragraph(f"{named(programme.names)} · {named(category.names)}", is_quiet=True)
    _write_entry(paper, application)
    write_works(paper, facts)
    write_answers(paper, facts)
    if sight.is_reviewer:
        _write_findings(paper, application, sees_people=sight.sees_people)
    if sight.sees_people:
        _write_people(paper, application, facts, members, sight)
    _write_history(paper, facts.happenings, programme.timezone)
    return paper.content(), len(members)


def _members(application: Application) -> list[Member]:
    query = members_of(application).order_by(Member.position, Member.id)
    return list(db.session.scalars(query))


def _write_entry(paper: "Paper", application: Application) -> None:
    zone = application.programme.timezone
    school = application.school
    rank = waitlist_rank_by_id([application.id]).get(application.id)
    state = str(state_look(application.state).word)
    if rank:
        state += " · " + _("No. %(rank)s in line", rank=rank)
    paper.section(_("Entry"))
    paper.facts(
        [
            (_("State"), state),
            (_("Reference"), application.ref),
            (_("School"), school.name),
            (_("District"), school.district.name if school.district else ""),
            (_("Region"), str(REGIONS[school.region])),
            (_("Submitted on"), format_instant(application.submitted_at, zone)),
            (_("Voicing"), application.voicing or ""),
            (_("Instruments and equipment"), application.equipment or ""),
            (_("Introduction"), application.introduction or ""),
        ]
    )


def _write_findings(paper: "Paper", application: Application, *, sees_people: bool) -> None:
    """Write what the case page says above the works: what is missing, what deserves a look."""
    lines = [missing_text(each) for each in missing_of(application)]
    for kind in kinds_of(findings_by_id([application.id])[application.id]):
        names = ", ".join(dict.fromkeys(found.name for found in kind.found))
        count = finding_count(kind)
        lines.append(f"{count}: {names}" if sees_people else count)
    if lines:
        paper.section(_("To look at"))
        for line in lines:
            paper.paragraph(line)


def _write_people(
    paper: "Paper",
    application: Application,
    facts: CaseFacts,
    members: list[Member],
    sight: Sight,
) -> None:
    paper.section(_("People in charge"))
    paper.facts(facts.adults)
    paper.section(_("Members"))
    birth = _("Birth date") if sight.sees_births else _("Age on the day")
    heads = (_("Full name"), _("Role"), _("Part"), _("Grade"), birth)
    known = shown_in_full(members, application, sight.viewer)
    answers = member_answers(known, sight.form, sight.viewer, current_sealer())
    rows = []
    for member in members:
        name, *rest = _member_cells(member, application, sight)
        said = [f"{each.label}: {each.words}" for each in answers.get(member.id, ())]
        rows.append(("\n".join((name, *said)), *rest))
    paper.rows(heads, rows, (66, 30, 26, 24, 28))


def _member_cells(member: Member, application: Application, sight: Sight) -> tuple[str, ...]:
    person = member.person
    name = f"{person.name} {person.latin_name}" if person.latin_name else person.name
    if is_guest(person, application) and not sight.sees_guests:
        # A guest school's pupil: name, role and part are the delegation's, the rest is not.
        return (person.name, str(ROLE_LABELS[member.role]), member.part or "–", "–", "–")
    if person.is_adult:
        born = _("adult")
    elif sight.sees_births:
        born = person.birth_on.isoformat() if person.birth_on else "–"
    else:
        born = age_band(person.birth_on, application.programme.starts_on) or "–"
    return (
        name,
        str(ROLE_LABELS[member.role]),
        member.part or "–",
        member.grade or "–",
        born,
    )


def _write_history(paper: "Paper", happenings: list[Happening], zone: str) -> None:
    paper.section(_("History"))
    rows = [
        (format_instant(each.at, zone), each.actor or "–", "\n".join(_told(each)))
        for each in happenings
    ]
    paper.rows((_("When"), _("Who"), _("What")), rows, (60, 28, 86))


def _told(happening: Happening) -> list[str]:
    lines = [happening.title]
    if happening.text:
        lines.append(happening.text)
    for step in happening.steps:
        if step.is_told:
            lines.append(
                _(
                    "%(field)s: from “%(before)s” to “%(after)s”",
                    field=step.label,
                    before=step.before,
                    after=step.after,
                )
            )
        else:
            lines.append(_("%(field)s: changed", field=step.label))
    return lines
