"""Team leaders of one name with different contacts: taken as two people, and said so."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from scheduler.applications.roster_file import Placed, RosterSheet
from scheduler.applications.roster_records import GroupRow, RosterCode
from scheduler.spreadsheets.cells import CellProblem, Severity


@dataclass(frozen=True, slots=True)
class Led:
    """Who leads a group of the school, in any programme."""

    reference: str
    group: str
    name: str
    phone: str | None
    email: str | None

    @property
    def contact(self) -> tuple[str | None, str | None]:
        """What tells two leaders of one name apart."""
        return self.phone, self.email


def leader_problems(
    sheet: RosterSheet[GroupRow], stored: Iterable[Led], covered: Collection[str | None] = ()
) -> Iterator[CellProblem]:
    """Yield a warning for each row whose leader the school has with another mobile or e-mail.

    Stored groups that the sheet covers (by reference) are judged by their rows in the sheet, so
    two rows of one sheet that contradict each other are told too.
    """
    others: defaultdict[str, list[Led]] = defaultdict(list)
    for led in stored:
        if led.reference not in covered:
            others[led.name].append(led)
    for placed in sheet.rows:
        record = placed.record
        contact = (record.leader_phone or None, record.leader_email)
        other = next((led for led in others[record.leader] if led.contact != contact), None)
        if other is not None:
            yield sheet.problem(
                placed.row,
                "leader",
                RosterCode.LEADER_CONTACT_DIFFERS,
                severity=Severity.WARNING,
                group=other.group,
            )
        _remember(others[record.leader], placed)


def _remember(known: list[Led], placed: Placed[GroupRow]) -> None:
    """Keep one row for each contact: a school of one leader has hundreds of rows."""
    record = placed.record
    led = Led(
        record.reference or "",
        record.name,
        record.leader,
        record.leader_phone or None,
        record.leader_email,
    )
    if all(led.contact != each.contact for each in known):
        known.append(led)
