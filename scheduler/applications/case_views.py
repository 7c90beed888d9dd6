"""A case beside its neighbours in the queue, and the decision on it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications import changes, levels, offers, queries, queues
from scheduler.applications.answer_pages import answers_link
from scheduler.applications.blueprint import blueprint
from scheduler.applications.case_facts import case_facts, entry_facts
from scheduler.applications.change_words import Reader, differences
from scheduler.applications.completeness import Missing, Shortfall
from scheduler.applications.current_form import form_for
from scheduler.applications.decisions import decide
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.findings import Finding, FindingCode, findings_by_id, kinds_of
from scheduler.applications.forms import asked_decision, decision_forms, show_refusal
from scheduler.applications.guests import school_names
from scheduler.applications.models import Application, Member
from scheduler.applications.published import published_performance
from scheduler.applications.queue_views import asked_sort, kept_filters
from scheduler.applications.queues import Neighbour
from scheduler.applications.quota_tallies import quota_here
from scheduler.applications.reading import note_reading
from scheduler.applications.shown_answers import member_answers
from scheduler.applications.texts import ACTION_LABELS
from scheduler.applications.viewers import viewer_of
from scheduler.applications.workflow import Action, State
from scheduler.database import db, transaction
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.people.keys import current_sealer
from scheduler.programmes.texts import LEVELS
from scheduler.texts import sentence
from scheduler.web import BaseForm, shown_version

Forms = Mapping[Action, BaseForm]


def find_reviewable(ref: str) -> Application:
    """Return an application of the reviewer's own queue; raises `NotFound` for any other.

    Whoever may not review it at all gets it as it is, and the guard says no.
    """
    application = queries.find_application(ref)
    is_reviewer = may(Permission.APPLICATION_REVIEW, application)
    if is_reviewer and not queues.is_in_queue(current_actor(), application):
        raise NotFound
    return application


@blueprint.get("/applications/<string:ref>/case")
@access(Permission.APPLICATION_REVIEW, find_reviewable)
def case(thing: Application) -> str:
    """The case, what deserves a look in it, the tallies, and the decisions that are possible."""
    forms = decision_forms(form_for(thing))
    # Whoever returns the entry again marks what is not approved, unless they choose otherwise.
    forms[Action.RETURN]["fields"].data = changes.open_fields(thing)
    return case_page(thing, forms)


@blueprint.post("/applications/<string:ref>/decision")
@access(Permission.APPLICATION_NOMINATE, find_reviewable)
def decide_one(thing: Application) -> Response | tuple[str, int]:
    """Apply the decision and lead on to the next case; what was typed stays if it is refused."""
    forms = decision_forms(form_for(thing))
    decision = asked_decision(forms, shown_version())
    following = _next_ref(thing)
    try:
        with transaction():
            decide(thing, decision, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _refused(thing, forms, decision.action, refused)
    except (Conflict, StaleDataError):
        text = _(
            "Somebody else has changed this application since you opened it. Nothing was applied; "
            "below is how it stands now."
        )
        return case_page(thing, forms, opened=decision.action, problem=text), 409
    said = ACTION_LABELS[decision.action]
    flash(_("%(group)s: %(decision)s.", group=_name(thing), decision=said), "success")
    _warn_of_timetable(thing)
    return redirect(_onwards(thing, following), code=303)


@blueprint.post("/applications/<string:ref>/rank")
@access(Permission.APPLICATION_DECIDE, find_reviewable)
def move_in_line(thing: Application) -> Response | tuple[str, int]:
    """Move a waiting entry within its list, with a reason for the log."""
    forms = decision_forms(form_for(thing))
    form = forms[Action.MOVE]
    try:
        with transaction():
            offers.move(
                thing,
                rank=form["rank"].data or 0,
                reason=form["reason"].data or "",
                version=shown_version(),
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(thing, forms, Action.MOVE, refused)
    flash(_("%(group)s: %(decision)s.", group=_name(thing), decision=ACTION_LABELS[Action.MOVE]))
    return redirect(url_for("applications.case", ref=thing.ref, **kept_filters()), code=303)


def _warn_of_timetable(application: Application) -> None:
    """Tell whoever can plan that a group without a place is still published."""
    if application.state is State.ACCEPTED or not may(Permission.PLAN_EDIT, application.programme):
        return
    if published_performance(application):
        flash(
            _(
                "%(group)s still stands in the published timetable. Plan again, or take it out of "
                "the draft, and publish that.",
                group=_name(application),
            ),
            "warning",
        )


def _name(application: Application) -> str:
    """Return what the reviewer calls the entry: its group's name, or its reference if blind."""
    is_blind = levels.sees_blind(current_actor(), application.programme_id)
    return application.ref if is_blind else application.group_name


def _refused(
    application: Application, forms: Forms, action: Action, refused: Refused
) -> tuple[str, int]:
    """Show the page again, the sentence beside the field it belongs to or above the page."""
    is_shown = show_refusal(forms, action, refused)
    problem = None if is_shown else sentence(refused.code, **refused.facts)
    return case_page(application, forms, opened=action, problem=problem), 409


def _next_ref(application: Application) -> str | None:
    """Return the case after this one as the queue stands before the decision moves this one."""
    around = _neighbours(application)
    place = next((each.place for each in around if each.ref == application.ref), None)
    if place is None:
        return None
    following = [each.ref for each in around if each.place > place]
    others = following or [each.ref for each in around if each.place < place]
    return others[0] if others else None


def _onwards(application: Application, following: str | None) -> str:
    kept = kept_filters()
    if following is None:
        return url_for("applications.queue", code=application.programme.code, **kept)
    return url_for("applications.case", ref=following, **kept)


def _neighbours(application: Application) -> list[Neighbour]:
    is_blind = levels.sees_blind(current_actor(), application.programme_id)
    return queues.neighbours(
        queues.reach(current_actor(), application.programme),
        queues.queue_filter(request.args, is_blind=is_blind),
        application.ref,
        sort=asked_sort(is_blind=is_blind),
        is_down=request.args.get("direction") == "descending",
    )


def case_page(
    application: Application,
    forms: Forms,
    *,
    opened: Action | None = None,
    problem: str | None = None,
) -> str:
    """Return the page of a case as it stands now, with what was typed and what was refused."""
    is_blind = levels.sees_blind(current_actor(), application.programme_id)
    may_read_people = may(Permission.PERSON_READ, application) and not is_blind
    around = _neighbours(application)
    place = next((each.place for each in around if each.ref == application.ref), None)
    plan, viewer = form_for(application), viewer_of(current_actor(), application)
    members = _members(application) if may_read_people else []
    reader = Reader(current_actor(), viewer, plan, may_read_people=may_read_people)
    facts: dict[str, Any] = {
        "application": application,
        "case": case_facts(application, plan, viewer),
        "entry": entry_facts(application, is_blind=is_blind),
        "members": members,
        "guests": school_names(application),
        "shows_guests": True,
        "differences": differences(application, reader),
        "is_passed": changes.is_passed(application),
        "member_answers": member_answers(members, plan, viewer, current_sealer()),
        "answers_link": None if is_blind else answers_link(application, plan, viewer),
        "missing": _missing(application, is_blind=is_blind),
        "kinds": kinds_of(_findings(application, names_clashes=may_read_people)),
        "rank": queries.waitlist_rank_by_id([application.id]).get(application.id),
        "tallies": queries.tallies([application.programme_id])[application.programme_id],
        "quota": quota_here(application, is_blind=is_blind),
        "around": around,
        "place": place,
        "previous": next((each for each in around if place and each.place == place - 1), None),
        "following": next((each for each in around if place and each.place == place + 1), None),
        "kept": kept_filters(),
        "may_read_people": may_read_people,
        "may_decide": levels.may_decide(current_actor(), application, clock.now()),
        "is_blind": is_blind,
        "way": levels.way_of(application),
        "level_labels": LEVELS,
    }
    if may_read_people:
        note_reading(application, people=len(facts["members"]))
    return render_template(
        "applications/case.html", forms=forms, opened=opened, problem=problem, **facts
    )


def _findings(application: Application, *, names_clashes: bool) -> list[Finding]:
    """Return what deserves a look; who is in other groups only where no other box names them."""
    found = findings_by_id([application.id])[application.id]
    return [
        each for each in found if not names_clashes or each.code is not FindingCode.PUPIL_ELSEWHERE
    ]


def _missing(application: Application, *, is_blind: bool) -> list[Missing]:
    """Return what the entry lacks; blind without what names schools."""
    found = missing_of(application)
    return [each for each in found if not is_blind or each.code is not Shortfall.SCHOOLS_NOT_READY]


def _members(application: Application) -> list[Member]:
    query = queries.members_of(application).order_by(Member.position, Member.id)
    return list(db.session.scalars(query))
