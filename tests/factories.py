"""One plain function per model: adds a valid row to the session, flushes, and returns it.

Every argument of the model may be given; what is not given is made up, different each time where
it must be unique. All of it is fictional. Needs an application context (fixture `session`).
"""

import datetime as dt
import json
import secrets
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import count

from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import SCOPE_BY_ROLE, Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant, RoleOffer
from scheduler.applications.file_storage import current_store
from scheduler.applications.guest_models import TAKES_PART, GuestPart, PartState
from scheduler.applications.models import (
    Application,
    HistoryEntry,
    Member,
    MemberRole,
    Nomination,
    Piece,
    Result,
    StoredFile,
)
from scheduler.applications.substitution_models import Substitution
from scheduler.applications.workflow import Action, State
from scheduler.calendar_mail.models import AttendanceRequest
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import EntryDraft, EntryText, Scope
from scheduler.consents.paper_storage import scan_store
from scheduler.database import db
from scheduler.itineraries.kinds import ItemKind
from scheduler.itineraries.models import ItineraryItem
from scheduler.jobs.models import Job, JobState
from scheduler.languages import LOCALES
from scheduler.lotteries.models import Lottery
from scheduler.notifications.models import Mail, MailState
from scheduler.organisations.models import District, Organisation, Region, School
from scheduler.panels.models import (
    Assignment,
    Criterion,
    Mark,
    Panel,
    PanelCategory,
    PanelReviewer,
    Stage,
)
from scheduler.people.consent_models import AskedPurpose, ConsentText, PaperScan
from scheduler.people.keys import current_sealer
from scheduler.people.models import (
    Consent,
    ConsentPurpose,
    Guardian,
    Guardianship,
    Person,
    Sex,
)
from scheduler.programmes.approval import (
    ApprovalLevel,
    Dimension,
    LevelKind,
    Quota,
    WaitlistPolicy,
)
from scheduler.programmes.form_fields import FieldKind, FieldOwner
from scheduler.programmes.form_models import FormField
from scheduler.programmes.kinds import OrganisationRole
from scheduler.programmes.models import (
    AttendanceWindow,
    Category,
    CategoryKind,
    OutcomeLevel,
    Programme,
    ProgrammeDate,
    ProgrammeOrganisation,
    ProgrammeSeries,
    Venue,
    VenueClosure,
    VenueHours,
    VenueTravel,
)
from scheduler.publicity.models import NoticeVersion, Objection, PublicNotice
from scheduler.references import new_reference
from scheduler.scheduling.activities.models import (
    ActivityKind,
    Attendance,
    Invited,
    PlannedActivity,
)
from scheduler.scheduling.assigning.models import (
    AssignmentCompany,
    AssignmentOption,
    AssignmentParticipant,
    Takers,
    WishAssignment,
)
from scheduler.scheduling.happenings.models import Happening, HappeningKind
from scheduler.scheduling.models import Plan, PlanState, Slot
from scheduler.scheduling.parties.busy_models import BusyTime
from scheduler.scheduling.parties.staff_models import Duty, StaffHours, StaffMember
from scheduler.scheduling.rules.relation_models import GroupRelation, RelationKind

_number = count(1)
FESTIVAL_DAY = dt.date(2027, 7, 16)


_open: list[None] = []


@contextmanager
def _together():
    """Store what is added in the block with one flush at its end: each one costs milliseconds."""
    _open.append(None)
    with db.session.no_autoflush:
        yield
    _open.pop()
    db.session.flush()


def _add(thing):
    db.session.add(thing)
    if not _open:
        db.session.flush()
    return thing


def at(hour, minute=0, *, day=0):
    """An instant of the festival: local time in Shanghai on its first day, or `day` days later."""
    local = dt.datetime.combine(FESTIVAL_DAY, dt.time(hour, minute)) + dt.timedelta(days=day)
    return local.replace(tzinfo=dt.timezone(dt.timedelta(hours=8))).astimezone(dt.UTC)


def names(text):
    """The text in all three languages, told apart by a mark."""
    return {"en": text, "zh_Hans": f"{text}(简)", "zh_Hant_HK": f"{text}(繁)"}


# Who signs in


def account(*grants, **values):
    """An account; each grant is a pair of a role and the thing it is granted for (or None)."""
    n = next(_number)
    defaults = {
        "email": f"person{n}@school.example",
        "name": f"Account {n}",
        "locale": "en",
        "created_at": clock.now(),
    }
    made = Account(**(defaults | values))
    for role, thing in grants:
        made.grants.append(grant(role, thing))
    return _add(made)


def grant(role, thing=None):
    """A role grant that is not added yet: `account` and `Account.grants` take it."""
    scopes = {
        Role.PLATFORM_ADMINISTRATOR: ScopeKind.PLATFORM,
        Role.COORDINATOR: ScopeKind.PROGRAMME,
        Role.DISTRICT_REVIEWER: ScopeKind.DISTRICT,
        Role.CITY_REVIEWER: ScopeKind.PROGRAMME,
        Role.SCHOOL_OFFICER: ScopeKind.SCHOOL,
        Role.TEAM_LEADER: ScopeKind.APPLICATION,
    }
    return RoleGrant(
        role=role,
        scope=scopes[role],
        scope_id=thing.id if thing is not None else 0,
        granted_at=clock.now(),
    )


def role_offer(account, role, thing, **values):
    defaults = {
        "account": account,
        "role": role,
        "scope": SCOPE_BY_ROLE[role],
        "scope_id": thing.id,
        "name": f"Typed {next(_number)}",
        "inviter": "Somebody",
        "created_at": clock.now(),
        "expires_at": clock.now() + dt.timedelta(days=14),
    }
    return _add(RoleOffer(**(defaults | values)))


def administrator(**values):
    return account((Role.PLATFORM_ADMINISTRATOR, None), **values)


def coordinator(programme, **values):
    return account((Role.COORDINATOR, programme), **values)


def city_reviewer(programme, **values):
    return account((Role.CITY_REVIEWER, programme), **values)


def reviewer(district, **values):
    return account((Role.DISTRICT_REVIEWER, district), **values)


def officer(school, **values):
    return account((Role.SCHOOL_OFFICER, school), **values)


def leader(application, **values):
    return account((Role.TEAM_LEADER, application), **values)


# Schools and their people


def district(**values):
    n = next(_number)
    return _add(District(**({"code": f"4401{n:02}", "name": f"District {n}"} | values)))


def school(**values):
    n = next(_number)
    defaults = {
        "code": f"S{n:04}",
        "name": f"School {n}",
        "region": Region.GUANGZHOU,
        "stages": ["P"],
    }
    return _add(School(**(defaults | values)))


def person(school, **values):
    """A pupil of eleven years; `is_adult=True` for a teacher."""
    n = next(_number)
    defaults = {
        "ref": new_reference("P"),
        "school": school,
        "name": f"Pupil {n}",
        "sex": Sex.FEMALE,
        "birth_on": None if values.get("is_adult") else dt.date(2016, 3, 1),
        "created_at": clock.now(),
    }
    return _add(Person(**(defaults | values)))


def guardian(school, *persons, **values):
    """A guardian of the persons, who may be siblings."""
    n = next(_number)
    defaults = {
        "school_id": school.id,
        "name": f"Guardian {n}",
        "email": f"guardian{n}@family.example",
    }
    made = _add(Guardian(**(defaults | values)))
    for each in persons:
        _add(Guardianship(person=each, guardian=made))
    return made


def consent(person, **values):
    defaults = {
        "person_id": person.id,
        "purpose": ConsentPurpose.PARTICIPATION,
        "is_granted": True,
        "given_at": clock.now(),
    }
    return _add(Consent(**(defaults | values)))


def asked_purpose(programme, purpose=ConsentPurpose.PARTICIPATION, **values):
    """A purpose that the programme asks, with its first text in all languages; made once."""
    query = select(AskedPurpose).where(
        AskedPurpose.programme_id == programme.id, AskedPurpose.purpose == purpose
    )
    known = db.session.scalar(query)
    if known is not None:
        return known
    for locale in LOCALES:
        body = f"{purpose} in {locale}\nSecond line\nThird line"
        _add(
            ConsentText(
                programme_id=programme.id,
                purpose=purpose,
                version=1,
                locale=locale,
                wording=body,
                body=body,
                digest=sha256(body.encode()).hexdigest(),
                published_at=clock.now(),
            )
        )
    defaults = {
        "programme_id": programme.id,
        "purpose": purpose,
        "is_required": purpose is ConsentPurpose.PARTICIPATION,
        "until_on": programme.ends_on,
        "version": 1,
    }
    return _add(AskedPurpose(**(defaults | values)))


# Programmes


def programme(**values):
    """A three-day festival in July 2027 whose entry window is open now, whenever now is."""
    n = next(_number)
    now = clock.now()
    defaults = {
        "code": f"festival-{n}",
        "names": names(f"Festival {n}"),
        "starts_on": FESTIVAL_DAY,
        "ends_on": FESTIVAL_DAY + dt.timedelta(days=2),
        "entry_opens_at": now - dt.timedelta(days=30),
        "entry_closes_at": now + dt.timedelta(days=30),
        "created_at": now,
    }
    return _add(Programme(**(defaults | values)))


def series(*programmes, **values):
    """A series with these editions."""
    n = next(_number)
    made = _add(
        ProgrammeSeries(**({"code": f"series-{n}", "names": names(f"Series {n}")} | values))
    )
    for each in programmes:
        each.series = made
    db.session.flush()
    return made


def organisation(*programmes, role=OrganisationRole.HOST, **values):
    """An organisation with a part in these programmes."""
    n = next(_number)
    made = _add(Organisation(**({"code": f"O{n}", "names": names(f"Bureau {n}")} | values)))
    for each in programmes:
        _add(ProgrammeOrganisation(programme=each, organisation=made, role=role, position=n))
    return made


def programme_date(programme, kind, at):
    return _add(ProgrammeDate(programme=programme, kind=kind, at=at))


def level(programme, name="First level", **values):
    defaults = {"position": len(programme.levels) + 1, "names": names(name)}
    return _add(OutcomeLevel(programme=programme, **(defaults | values)))


def result(application, level=None, **values):
    return _add(Result(application=application, level=level, recorded_at=clock.now(), **values))


def category(programme, **values):
    """A choir category with three places."""
    n = next(_number)
    defaults = {
        "programme": programme,
        "code": f"choir-{n}",
        "names": names(f"Choir {n}"),
        "kind": CategoryKind.CHOIR,
        "places": 3,
        "min_members": 1,
        "max_members": 60,
        "max_minutes": 10,
        "changeover_minutes": 5,
    }
    return _add(Category(**(defaults | values)))


def levels(programme, kinds=tuple(LevelKind)):
    """The levels of approval by kind, without quotas and deadlines."""
    return {
        kind: _add(ApprovalLevel(programme=programme, kind=kind, position=position))
        for position, kind in enumerate(kinds, start=1)
    }


def quota(level, **values):
    """A quota of three for whatever fits no other one."""
    defaults = {"dimension": Dimension.ANY, "places": 3, "position": len(level.quotas) + 1}
    return _add(Quota(level=level, **(defaults | values)))


def nomination(application, level, **values):
    defaults = {"application_id": application.id, "level_id": level.id, "at": clock.now()}
    return _add(Nomination(**(defaults | values)))


def waitlist_policy(programme, **values):
    return _add(WaitlistPolicy(programme_id=programme.id, **values))


def venue(programme, *, days=3, **values):
    """A stage for 80 that is open from 9 to 20 on each day of the festival."""
    n = next(_number)
    defaults = {
        "programme": programme,
        "code": f"V{n}",
        "name": f"Venue {n}",
        "seats": 500,
        "stage_capacity": 80,
        "warmup_rooms": 2,
    }
    made = Venue(**(defaults | values))
    made.hours = [
        VenueHours(opens_at=at(9, day=day), closes_at=at(20, day=day)) for day in range(days)
    ]
    return _add(made)


def venue_closure(venue, starts_at, ends_at, **values):
    return _add(
        VenueClosure(**({"venue": venue, "starts_at": starts_at, "ends_at": ends_at} | values))
    )


def venue_travel(one, other, minutes):
    first, second = sorted((one.id, other.id))
    return _add(VenueTravel(from_venue_id=first, to_venue_id=second, minutes=minutes))


def group_relation(one, other, kind=RelationKind.ONE_DAY, **values):
    """What is stated about two groups of one programme; it must hold."""
    return _add(
        GroupRelation(programme_id=one.programme_id, kind=kind, first=one, second=other, **values)
    )


def attendance_window(programme, region, **values):
    return _add(AttendanceWindow(programme_id=programme.id, region=region, **values))


def form_field(programme, **values):
    """A text that every group may answer with its entry; a choice is between yes and no."""
    n = next(_number)
    defaults = {
        "programme_id": programme.id,
        "code": f"field-{n}",
        "owner": FieldOwner.GROUP,
        "kind": FieldKind.TEXT,
        "names": names(f"Question {n}"),
        "position": n,
    }
    if values.get("kind") is FieldKind.CHOICE:
        defaults["options"] = [
            {"code": "yes", "names": {"en": "Yes", "zh_Hans": "是"}, "is_retired": False},
            {"code": "no", "names": {"en": "No", "zh_Hans": "否"}, "is_retired": False},
        ]
    return _add(FormField(**(defaults | values)))


# Applications


def application(category, school, *, pupils=0, pieces=1, **values):
    """A group in the state asked for (draft), with pupils and pieces of four minutes each."""
    n = next(_number)
    now = clock.now()
    defaults = {
        "ref": new_reference("A"),
        "programme": category.programme,
        "category": category,
        "school": school,
        "group_name": f"Group {n}",
        "state": State.DRAFT,
        "created_at": now,
        "changed_at": now,
    }
    state = values.get("state")
    defaults["places_held"] = int(state in {State.ACCEPTED, State.OFFERED})
    if state == State.OFFERED:
        defaults["offer_ends_at"] = now + dt.timedelta(days=3)
    with _together():
        made = _add(Application(**(defaults | values)))
        for _ in range(pupils):
            member(made, person(school))
        for _ in range(pieces):
            piece(made)
    return made


def member(application, person, **values):
    defaults = {
        "application": application,
        "person": person,
        "role": MemberRole.PUPIL,
        "position": len(application.members),
    }
    return _add(Member(**(defaults | values)))


def guest_part(application, school, *, pupils=0, **values):
    """A school's part in another one's entry, by default one that takes part, with its pupils."""
    now = clock.now()
    defaults = {
        "ref": new_reference("G"),
        "application": application,
        "school": school,
        "state": PartState.JOINED,
        "invited_at": now,
        "changed_at": now,
    }
    with _together():
        made = _add(GuestPart(**(defaults | values)))
        if made.state in TAKES_PART:
            application.guest_school_ids = [*(application.guest_school_ids or []), school.id]
        for _ in range(pupils):
            member(application, person(school))
    return made


def piece(application, **values):
    defaults = {
        "application": application,
        "position": len(application.pieces),
        "title": f"Piece {next(_number)}",
        "composer": "Nobody",
        "duration_seconds": 240,
    }
    return _add(Piece(**(defaults | values)))


def stored_file(application, field, account, content=b"%PDF-1.7 nothing %%EOF", **values):
    """A file that lies sealed in the instance folder; the answer that names it is not made."""
    ref = secrets.token_urlsafe(16)
    sealed = current_sealer().seal_bytes(content, field=f"stored_file.{ref}")
    defaults = {
        "ref": ref,
        "application_id": application.id,
        "field_code": field.code,
        "place": current_store().keep(sealed),
        "file_name": "paper.pdf",
        "media_type": "application/pdf",
        "size_bytes": len(content),
        "account_id": account.id,
        "created_at": clock.now(),
    }
    return _add(StoredFile(**(defaults | values)))


def substitution(application, account, **values):
    """A request that waits: the first pupil of the group is to leave, somebody new comes."""
    content = {
        "reason": "Moved away",
        "name": "Somebody Else",
        "birth_on": "2016-01-01",
        "part": None,
        "grade": None,
        "values": {},
    }
    defaults = {
        "application": application,
        "leaving": application.members[0].person,
        "coming_index": secrets.token_hex(32),
        "content": current_sealer().seal(json.dumps(content), field="substitution"),
        "account_id": account.id,
        "asked_at": clock.now(),
    }
    return _add(Substitution(**(defaults | values)))


def paper_scan(programme, school, account, content=b"%PDF-1.7 nothing %%EOF", **values):
    """A scan of signed papers that lies sealed in the instance folder; no consent names it."""
    ref = secrets.token_urlsafe(16)
    sealed = current_sealer().seal_bytes(content, field=f"paper_scan.{ref}")
    defaults = {
        "ref": ref,
        "programme_id": programme.id,
        "school_id": school.id,
        "place": scan_store().keep(sealed),
        "file_name": "papers.pdf",
        "media_type": "application/pdf",
        "size_bytes": len(content),
        "account_id": account.id,
        "recorded_at": clock.now(),
    }
    return _add(PaperScan(**(defaults | values)))


def history_entry(application, **values):
    defaults = {
        "application": application,
        "at": clock.now(),
        "action": Action.SUBMIT,
        "from_state": State.DRAFT,
        "to_state": State.SUBMITTED,
    }
    return _add(HistoryEntry(**(defaults | values)))


# Lotteries and public notices


def lottery(*categories, **values):
    """A draft for the categories, whose seed comes in two days."""
    now = clock.now()
    defaults = {
        "ref": new_reference("L"),
        "programme": categories[0].programme,
        "categories": list(categories),
        "names": names(f"Lottery {next(_number)}"),
        "places": {},
        "seed_source": "National lottery, draw 2027050, all numbers in order",
        "seed_at": now + dt.timedelta(days=2),
        "created_at": now,
    }
    return _add(Lottery(**(defaults | values)))


def notice(*categories, **values):
    """A draft of a public notice of the categories' groups, for seven calendar days."""
    n = next(_number)
    defaults = {
        "ref": new_reference("N"),
        "programme": categories[0].programme,
        "categories": list(categories),
        "titles": names(f"Notice {n}"),
        "texts": names(f"These groups were accepted ({n})."),
        "days_off": [],
        "number": 0,
        "created_at": clock.now(),
    }
    return _add(PublicNotice(**(defaults | values)))


def published_notice(*categories, **values):
    """A public notice that stands for a week from now, with one version without lines."""
    now = clock.now()
    ends_at = now + dt.timedelta(days=7)
    defaults = {"number": 1, "published_at": now, "ends_at": ends_at}
    made = notice(*categories, **(defaults | values))
    version = NoticeVersion(
        notice=made,
        number=1,
        titles=made.titles,
        texts=made.texts,
        shows_pupils=False,
        published_at=now,
        ends_at=made.ends_at,
    )
    _add(version)
    return made


def objection(notice, **values):
    n = next(_number)
    defaults = {
        "ref": new_reference("O"),
        "notice": notice,
        "notice_number": 1,
        "name": f"Objector {n}",
        "email": f"objector{n}@home.example",
        "reason": "The second work was not played by this group.",
        "digest": f"{n:064}",
        "locale": "en",
        "received_at": clock.now(),
    }
    return _add(Objection(**(defaults | values)))


# Panels


def panel(level, *categories, **values):
    """A panel with two reviewers per case, without criteria and reviewers."""
    defaults = {
        "programme": level.programme,
        "level": level,
        "name": f"Panel {next(_number)}",
        "per_case": 2,
        "created_at": clock.now(),
    }
    made = _add(Panel(**(defaults | values)))
    for each in categories:
        made.shares.append(panel_category(made, each))
    db.session.flush()
    return made


def panel_category(panel, category):
    return _add(PanelCategory(panel=panel, level_id=panel.level_id, category_id=category.id))


def criterion(panel, **values):
    """A criterion of weight 1, marked up to 10."""
    n = len(panel.criteria) + 1
    defaults = {"panel": panel, "number": n, "names": names(f"Criterion {n}")}
    return _add(Criterion(**(defaults | values)))


def panel_reviewer(panel, account=None):
    return _add(PanelReviewer(panel=panel, account=account or globals()["account"]()))


def assignment(reviewer, application, marks=(), **values):
    """A case of a reviewer; with marks (one per criterion) it is judged."""
    panel = reviewer.panel
    defaults = {
        "panel": panel,
        "reviewer": reviewer,
        "application": application,
        "assigned_at": clock.now(),
        "stage": Stage.JUDGED if marks else Stage.OPEN,
        "judged_at": clock.now() if marks else None,
    }
    made = _add(Assignment(**(defaults | values)))
    for criterion, given in zip(panel.criteria, marks, strict=False):
        made.marks.append(mark(made, criterion, given))
    db.session.flush()
    return made


def mark(assignment, criterion, given):
    hundredths = round(given * 100)
    return _add(Mark(assignment=assignment, criterion_id=criterion.id, hundredths=hundredths))


# Plans, jobs, mails


def plan(programme, **values):
    now = clock.now()
    defaults = {
        "ref": new_reference("T"),
        "programme": programme,
        "name": f"Draft {next(_number)}",
        "state": PlanState.DRAFT,
        "roster_revision": programme.roster_revision,
        "created_at": now,
        "changed_at": now,
    }
    return _add(Plan(**(defaults | values)))


def slot(plan, application, venue, starts_at, *, minutes=10, **values):
    """A stage time; warm-up of 25 minutes ends ten minutes before, changeover takes five."""
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    defaults = {
        "plan": plan,
        "application": application,
        "venue": venue,
        "warmup_room": 1,
        "warmup_starts_at": starts_at - dt.timedelta(minutes=35),
        "warmup_ends_at": starts_at - dt.timedelta(minutes=10),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "changeover_ends_at": ends_at + dt.timedelta(minutes=5),
    }
    return _add(Slot(**(defaults | values)))


def happening(programme, **values):
    """Something that happened: by default a venue that is out from 14 to 15 on the first day."""
    defaults = {
        "ref": new_reference("H"),
        "programme_id": programme.id,
        "kind": HappeningKind.VENUE_OUT,
        "starts_at": at(14),
        "ends_at": at(15),
        "reported_at": clock.now(),
        "reporter_name": "Coordinator",
    }
    return _add(Happening(**(defaults | values)))


def staff_member(*categories, programme=None, **values):
    """A juror of these categories who is there all the time."""
    n = next(_number)
    defaults = {
        "programme": programme or categories[0].programme,
        "name": f"Juror {n}",
        "duty": Duty.JUROR,
        "categories": list(categories),
    }
    return _add(StaffMember(**(defaults | values)))


def itinerary_item(programme, starts, ends, *groups, zone="Europe/London", **values):
    """A visit by the walls of a zone, for all groups of the tour or for some."""
    n = next(_number)
    defaults = {
        "programme": programme,
        "kind": ItemKind.VISIT,
        "name": f"Visit {n}",
        "starts_wall": starts,
        "starts_zone": zone,
        "ends_wall": ends,
        "ends_zone": zone,
        "groups": list(groups),
    }
    return _add(ItineraryItem(**(defaults | values)))


def activity(programme, *groups, **values):
    """A leaders' meeting of an hour, of all accepted groups or of some; anywhere, at any time."""
    n = next(_number)
    defaults = {
        "programme": programme,
        "kind": ActivityKind.MEETING,
        "name": f"Meeting {n}",
        "minutes": 60,
        "invited": Invited.CHOSEN if groups else Invited.ALL,
        "chosen": list(groups),
        "attendance": Attendance.LEADERS,
    }
    made = _add(PlannedActivity(**(defaults | values)))
    db.session.refresh(made)
    return made


def wish_assignment(programme, *codes, most=10, **values):
    """Pupils get options of these codes, each for ten of them."""
    n = next(_number)
    defaults = {"programme": programme, "name": f"Workshops {n}", "takers": Takers.PUPILS}
    made = _add(WishAssignment(**(defaults | values)))
    for code in codes:
        assignment_option(made, code, most=most)
    return made


def assignment_option(assignment, code, **values):
    defaults = {"assignment_id": assignment.id, "code": code, "name": f"Option {code}", "most": 10}
    made = _add(AssignmentOption(**(defaults | values)))
    db.session.refresh(assignment)
    return made


def assignment_participant(assignment, *wished, **values):
    """Somebody's wishes; `person_id`, `application_id` or `staff_id` says whose."""
    wishes = [option.id for option in wished]
    return _add(AssignmentParticipant(assignment_id=assignment.id, wishes=wishes, **values))


def assignment_company(assignment, kind, *refs):
    made = _add(AssignmentCompany(assignment_id=assignment.id, kind=kind, refs=list(refs)))
    db.session.refresh(assignment)
    return made


def calendar_entry(*audiences, title="Entry", scope=None, hour=10, **values):
    """An hour in the calendars of these audiences."""
    n = next(_number)
    draft = EntryDraft(
        key=f"entry:{n}",
        starts_at=at(hour),
        ends_at=at(hour + 1),
        zone="Asia/Shanghai",
        texts={"en": EntryText(title, "Great Hall")},
        audiences=frozenset(audiences),
    )
    scope = scope or Scope("tests", str(n))
    calendars.publish(scope, [replace(draft, **values)], now=clock.now())
    return calendars.standing_entry(scope, draft.key)


def attendance_request(programme, **values):
    """A juror who is asked to an hour of judging and has not answered."""
    n = next(_number)
    defaults = {
        "address": f"juror{n}@jury.example",
        "name": f"Juror {n}",
        "locale": "en",
        "token_digest": sha256(secrets.token_bytes(8)).hexdigest(),
        "sequence": 0,
        "entry_sequence": 0,
        "asked_at": clock.now(),
    }
    if "entry" not in values:
        values["entry"] = calendar_entry(title="Judging")
        values["entry"].scope_kind, values["entry"].scope_key = "judging", programme.code
    return _add(AttendanceRequest(**(defaults | values)))


def staff_hours(member, starts_at, ends_at):
    member.hours.append(StaffHours(starts_at=starts_at, ends_at=ends_at))
    db.session.flush()


def busy_time(programme, starts_at, ends_at, **whose):
    """Time that a school, a person or one of the staff is not free."""
    return _add(BusyTime(programme_id=programme.id, starts_at=starts_at, ends_at=ends_at, **whose))


def job(account=None, **values):
    defaults = {
        "ref": new_reference(length=16),
        "kind": "tests.nothing",
        "state": JobState.QUEUED,
        "account_id": account.id if account else None,
        "created_at": clock.now(),
    }
    return _add(Job(**(defaults | values)))


def mail(**values):
    n = next(_number)
    now = clock.now()
    defaults = {
        "to_address": f"person{n}@school.example",
        "locale": "en",
        "code": "accounts.invitation",
        "state": MailState.QUEUED,
        "created_at": now,
        "next_attempt_at": now,
    }
    return _add(Mail(**(defaults | values)))
