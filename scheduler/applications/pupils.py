"""Writes pupils, their guardians and the school's declarations, sealed where the rules say so."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from scheduler.access.permissions import Actor
from scheduler.applications.bulk import insert_rows
from scheduler.applications.roster_changes import PupilChange
from scheduler.applications.roster_records import is_kept
from scheduler.applications.roster_stored import DOCUMENT_FIELD, HEALTH_FIELD, SCHOOL_HOLDS
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.family_calendars import follow_children, with_calendars
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Guardianship, Person
from scheduler.people.sealing import Sealer
from scheduler.people.sorting import sort_key
from scheduler.references import new_reference

GuardianKey = tuple[str, str | None, str | None]
"""Name, phone and e-mail: siblings' rows that agree in all three share one guardian."""

_BATCH = 500
_LAST_FOUR = 4


class PupilWriter:
    """Writes the pupils of one school, in bulks: a roster may have thousands."""

    def __init__(self, school: School, actor: Actor, sealer: Sealer, *, now: dt.datetime) -> None:
        self._school = school
        self._actor = actor
        self._sealer = sealer
        self._now = now

    def write(self, pupils: Sequence[PupilChange]) -> dict[int, int]:
        """Insert new pupils and update changed ones; return the person's id by the pupil's row."""
        new = [pupil for pupil in pupils if pupil.person is None]
        id_by_row = {pupil.row: pupil.person.id for pupil in pupils if pupil.person is not None}
        self._update([pupil for pupil in pupils if pupil.person is not None and pupil.values])
        id_by_row.update(self._insert(new))
        self._write_guardians(pupils, id_by_row)
        self._declare(pupils, id_by_row)
        return id_by_row

    def _insert(self, pupils: Sequence[PupilChange]) -> dict[int, int]:
        if not pupils:
            return {}
        rows = [
            {
                "ref": new_reference("P"),
                "school_id": self._school.id,
                "is_adult": False,
                "created_at": self._now,
                **dict.fromkeys(_COLUMNS),
                **self._columns(pupil.values),
                "sort_key": sort_key(pupil.values["name"], pupil.values.get("latin_name")),
            }
            for pupil in pupils
        ]
        # Found again by reference: asking each row for its id costs as much as writing it.
        insert_rows(Person, rows)
        new = select(Person.ref, Person.id).where(
            Person.school_id == self._school.id, Person.created_at == self._now
        )
        id_by_ref = dict(db.session.execute(new).all())
        return {p.row: id_by_ref[row["ref"]] for p, row in zip(pupils, rows, strict=True)}

    def _update(self, pupils: Sequence[PupilChange]) -> None:
        """Write changed values. Keys that must be unique are freed first: two may be swapped."""
        freed: list[dict[str, Any]] = []
        rows_by_keys: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for pupil in pupils:
            person = pupil.person
            columns = self._columns(pupil.values)
            if person is None or not columns:
                continue
            if {"name", "latin_name"} & set(columns):
                values = {**person.values, **columns}
                columns["sort_key"] = sort_key(values["name"], values["latin_name"])
            if {"document_index", "roll_number"} & set(columns):
                freed.append({"id": person.id, **_free(columns)})
            rows_by_keys[tuple(sorted(columns))].append({"id": person.id, **columns})
        for row in freed:
            db.session.execute(update(Person), [row])
        for rows in rows_by_keys.values():
            db.session.execute(update(Person), rows)

    def _columns(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the person's columns for the values of a row; what is kept is left out."""
        columns = {key: values[key] for key in _PLAIN if key in values}
        if "document_number" in values and not is_kept(values["document_number"]):
            columns.update(self._document(values["document_number"]))
        if "health_note" in values and not is_kept(values["health_note"]):
            note = values["health_note"]
            seal = self._sealer.seal
            columns["health_sealed"] = None if note is None else seal(note, field=HEALTH_FIELD)
        return columns

    def _document(self, number: str | None) -> dict[str, Any]:
        if number is None:
            return dict.fromkeys(("document_sealed", "document_index", "document_last_four"))
        return {
            "document_sealed": self._sealer.seal(number, field=DOCUMENT_FIELD),
            "document_index": self._sealer.index(number, field=DOCUMENT_FIELD),
            "document_last_four": number[-_LAST_FOUR:],
        }

    def _write_guardians(self, pupils: Sequence[PupilChange], id_by_row: Mapping[int, int]) -> None:
        wanted = {
            id_by_row[pupil.row]: key
            for pupil in pupils
            if (key := _guardian_of(pupil)) is not None
        }
        if not wanted:
            return
        known = self._guardians()
        missing = list(dict.fromkeys(key for key in wanted.values() if key not in known))
        if missing:
            rows = [
                {"school_id": self._school.id, "name": name, "phone": phone, "email": email}
                for name, phone, email in missing
            ]
            insert_rows(Guardian, rows)
            known = self._guardians()
        self._link({person_id: known[key] for person_id, key in wanted.items()})

    def _link(self, guardian_by_person: Mapping[int, int]) -> None:
        """Make these the pupils' first guardians; forget former ones who have no pupil left."""
        links = self._first_links(guardian_by_person)
        changed = [
            {"id": links[person_id][0], "guardian_id": guardian_id}
            for person_id, guardian_id in guardian_by_person.items()
            if person_id in links and links[person_id][1] != guardian_id
        ]
        new = [
            {"person_id": person_id, "guardian_id": guardian_id}
            for person_id, guardian_id in guardian_by_person.items()
            if person_id not in links
        ]
        if changed:
            db.session.execute(update(Guardianship), changed)
        insert_rows(Guardianship, new)
        concerned = {*guardian_by_person.values(), *(former for _, former in links.values())}
        follow_children(with_calendars(concerned), now=self._now)
        self._forget(sorted({former for _, former in links.values()}))

    def _first_links(self, wanted: Mapping[int, int]) -> dict[int, tuple[int, int]]:
        """Return each pupil's first guardianship and guardian.

        A wanted guardian who is the pupil's second one already is made the first by removing the
        link before.
        """
        rows = db.session.execute(
            select(Guardianship.id, Guardianship.person_id, Guardianship.guardian_id)
            .join(Guardian, Guardian.id == Guardianship.guardian_id)
            .where(Guardian.school_id == self._school.id)
            .order_by(Guardianship.id)
        ).all()
        held = {(person_id, guardian_id) for _, person_id, guardian_id in rows}
        links: dict[int, tuple[int, int]] = {}
        for link_id, person_id, guardian_id in rows:
            if person_id not in wanted or person_id in links:
                continue
            if guardian_id != wanted[person_id] and (person_id, wanted[person_id]) in held:
                db.session.execute(delete(Guardianship).where(Guardianship.id == link_id))
                continue
            links[person_id] = (link_id, guardian_id)
        return links

    def _guardians(self) -> dict[GuardianKey, int]:
        rows = db.session.execute(
            select(Guardian.id, Guardian.name, Guardian.phone, Guardian.email).where(
                Guardian.school_id == self._school.id
            )
        )
        return {(name, phone, email): guardian_id for guardian_id, name, phone, email in rows}

    def _forget(self, guardian_ids: list[int]) -> None:
        still = select(Guardianship.guardian_id).where(Guardianship.guardian_id == Guardian.id)
        for start in range(0, len(guardian_ids), _BATCH):
            batch = guardian_ids[start : start + _BATCH]
            db.session.execute(
                delete(Guardian).where(Guardian.id.in_(batch), ~still.exists()),
                execution_options={"synchronize_session": False},
            )

    def _declare(self, pupils: Sequence[PupilChange], id_by_row: Mapping[int, int]) -> None:
        """Note that the school holds a guardian's consent to the entry, and who says so."""
        rows = [
            {
                "person_id": id_by_row[pupil.row],
                "purpose": ConsentPurpose.PARTICIPATION,
                "is_granted": True,
                "method": SCHOOL_HOLDS,
                "declared_by": self._actor.name,
                "given_at": self._now,
            }
            for pupil in pupils
            if pupil.values.get("consent_held")
        ]
        insert_rows(Consent, rows)


def _guardian_of(pupil: PupilChange) -> GuardianKey | None:
    """Return the guardian as it is to be, None if nothing of it changes."""
    if not any(key in pupil.values for key in _GUARDIAN_KEYS):
        return None
    before = pupil.person.values if pupil.person is not None else {}
    name, phone, email = (pupil.values.get(key, before.get(key)) for key in _GUARDIAN_KEYS)
    return None if name is None else (name, phone, email)


def _free(columns: Mapping[str, Any]) -> dict[str, None]:
    return dict.fromkeys(key for key in ("document_index", "roll_number") if key in columns)


_GUARDIAN_KEYS = ("guardian_name", "guardian_phone", "guardian_email")
_PLAIN = ("name", "latin_name", "sex", "birth_on", "document_kind", "roll_number")
_COLUMNS = (
    *_PLAIN,
    "document_sealed",
    "document_index",
    "document_last_four",
    "health_sealed",
)
