"""What the entry form of one category asks one school, beside the house's own fields. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.applications.answers import (
    NOTHING_AROUND,
    AnswerCode,
    Surroundings,
    read_answer,
    written_answer,
)
from scheduler.applications.fields import Field
from scheduler.applications.roster_choices import ANY_TEXT
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_records import FieldProblem
from scheduler.applications.workflow import State
from scheduler.errors import Refused
from scheduler.programmes.form_fields import (
    Answers,
    AskedWhen,
    FieldKind,
    FieldOwner,
    FieldSpec,
    is_mark,
)
from scheduler.spreadsheets.cells import CellValue, Severity
from scheduler.spreadsheets.columns import Choice, Column, SheetPlan, Texts

AnswerPairs = tuple[tuple[str, str], ...]
"""Answers by field code, in the order of the codes: as records carry them."""

_LINKS: Texts = {
    "en": "the https address of the video, such as https://%s/…",
    "zh_Hans": "视频的 https 网址，如 https://%s/…",
    "zh_Hant_HK": "影片的 https 網址，如 https://%s/…",
}
_ACCEPTS: Mapping[FieldKind, Texts] = {
    FieldKind.TEXT: ANY_TEXT,
    FieldKind.NUMBER: {"en": "a number", "zh_Hans": "数字", "zh_Hant_HK": "數字"},
    FieldKind.CHOICE: ANY_TEXT,
    FieldKind.DATE: {
        "en": "a date, such as 2027-03-01",
        "zh_Hans": "日期，如 2027-03-01",
        "zh_Hant_HK": "日期，如 2027-03-01",
    },
    FieldKind.DURATION: GROUP_SHEET.column("piece_1_duration").accepts,
    FieldKind.PERSON: {
        "en": "one of the school's adults who are entered already",
        "zh_Hans": "本校已登记的一位成人",
        "zh_Hant_HK": "本校已登記的一位成人",
    },
}
_BETWEEN: Texts = {
    "en": "a number from %s to %s",
    "zh_Hans": "%s 至 %s 的数字",
    "zh_Hant_HK": "%s 至 %s 的數字",
}


@dataclass(frozen=True)
class FormPlan:
    """The fields of one category, retired and staff's ones included, and what they refer to.

    `asks_later` says whether the school has a group to which later fields apply.
    """

    fields: tuple[FieldSpec, ...] = ()
    around: Surroundings = NOTHING_AROUND
    asks_later: bool = False

    @cached_property
    def group_sheet(self) -> SheetPlan:
        """The group sheet with a column for each field of the group."""
        return self._sheet(GROUP_SHEET, FieldOwner.GROUP)

    @cached_property
    def member_sheet(self) -> SheetPlan:
        """The member sheet with a column for each field of a member."""
        return self._sheet(MEMBER_SHEET, FieldOwner.MEMBER)

    @property
    def sheets(self) -> tuple[SheetPlan, SheetPlan]:
        """Both sheets."""
        return self.group_sheet, self.member_sheet

    @cached_property
    def spec_by_mark(self) -> Mapping[str, FieldSpec]:
        """Each field by its mark."""
        return {spec.mark: spec for spec in self.fields}

    @cached_property
    def known_headings(self) -> frozenset[str]:
        """Every folded heading that a table of this form may have."""
        return frozenset(heading for plan in self.sheets for heading in plan.column_by_heading)

    @cached_property
    def sealed_codes(self) -> frozenset[str]:
        """The codes of members' fields in words, whose answers are sealed at rest."""
        return frozenset(
            spec.code
            for spec in self.fields
            if spec.owner is FieldOwner.MEMBER and spec.kind is FieldKind.TEXT
        )

    def columns(self, owner: FieldOwner) -> tuple[FieldSpec, ...]:
        """Return the fields that stand in the workbook, in order; files do not."""
        return self._columns[owner]

    def entry_fields(self, owner: FieldOwner) -> tuple[FieldSpec, ...]:
        """Return the fields of the entry form: asked of the school from the beginning."""
        return tuple(spec for spec in self.columns(owner) if spec.asked_when is AskedWhen.ENTRY)

    def editable_marks(self, state: State, returned_fields: Iterable[str]) -> frozenset[str]:
        """Return the marks of what the school may answer now."""
        returned = frozenset(returned_fields)
        return frozenset(
            spec.mark
            for spec in self.fields
            if spec.is_for_school and is_open(spec, state, returned)
        )

    def written_all(self, answers: Answers, locale: str) -> dict[str, str]:
        """Return every answer as inputs show it, by column key."""
        return {
            spec.mark: written_answer(spec, answers[spec.code], self.around, locale)
            for spec in self.fields
            if spec.code in answers
        }

    def written(self, answers: Answers, owner: FieldOwner, locale: str) -> dict[str, str | None]:
        """Return the cells of the answers by column key."""
        return {
            spec.mark: None
            if (stored := answers.get(spec.code)) is None
            else written_answer(spec, stored, self.around, locale)
            for spec in self.columns(owner)
        }

    def chosen(self, answers: AnswerPairs) -> dict[str, str]:
        """Return by column key what drop-downs have to have chosen: values, not labels."""
        given = dict(answers)
        return {
            spec.mark: given[spec.code]
            for spec in self.fields
            if spec.kind in {FieldKind.CHOICE, FieldKind.PERSON} and spec.code in given
        }

    def shown(self, mark: str, stored: str | None, locale: str) -> str | None:
        """Return a stored answer in words; a field that is gone shows what is stored."""
        spec = self.spec_by_mark.get(mark)
        if spec is None or stored is None:
            return stored
        return written_answer(spec, stored, self.around, locale)

    def read(
        self,
        values: Mapping[str, CellValue],
        owner: FieldOwner,
        *,
        counts_from_1904: bool = False,
    ) -> tuple[AnswerPairs, list[FieldProblem]]:
        """Return the answers of a row and what is wrong with them.

        What is required and blank is a warning: a draft may be stored without it.
        """
        around = self.around
        if counts_from_1904:
            around = replace(around, counts_from_1904=True)
        return read_answers(self.columns(owner), values, around)

    @cached_property
    def _columns(self) -> Mapping[FieldOwner, tuple[FieldSpec, ...]]:
        shown = [
            spec
            for spec in self.fields
            if spec.is_for_school
            and spec.kind is not FieldKind.FILE
            and (self.asks_later or spec.asked_when is AskedWhen.ENTRY)
        ]
        return {owner: tuple(s for s in shown if s.owner is owner) for owner in FieldOwner}

    def column(self, spec: FieldSpec) -> Column:
        """Return a field as a column: never required, so that older workbooks stay readable."""
        return Column(
            spec.mark,
            spec.names,
            accepts(spec, self.around),
            choices=_choices(spec, self.around),
            width=18,
        )

    def _sheet(self, plan: SheetPlan, owner: FieldOwner) -> SheetPlan:
        specs = self.columns(owner)
        if not specs:
            return plan
        columns = tuple(self.column(spec) for spec in specs)
        return replace(plan, columns=(*plan.columns, *columns))


PLAIN = FormPlan()
"""The form without any field of coordinators."""


def pairs(answers: Answers) -> AnswerPairs:
    """Return answers as records carry them."""
    return tuple(sorted(answers.items()))


def changed_answers(
    before: AnswerPairs, after: AnswerPairs, keys: Iterable[str]
) -> list[tuple[str, str | None, str | None]]:
    """Return mark, answer before and after of each that differs, in the given columns only."""
    if before == after:
        return []
    old, new = dict(before), dict(after)
    return [
        (mark, old.get(code), new.get(code))
        for mark in sorted(key for key in keys if is_mark(key))
        if old.get(code := mark.partition(":")[2]) != new.get(code)
    ]


def merged(before: Answers, after: AnswerPairs, keys: Iterable[str]) -> dict[str, str]:
    """Return the answers as they are to be: those of other columns stay."""
    said = {key.partition(":")[2] for key in keys if is_mark(key)}
    kept = {code: value for code, value in before.items() if code not in said}
    return kept | {code: value for code, value in after if code in said}


def read_answers(
    specs: Sequence[FieldSpec], values: Mapping[str, CellValue], around: Surroundings
) -> tuple[AnswerPairs, list[FieldProblem]]:
    """Return the answers to the fields, and what is wrong with them or still missing."""
    found: dict[str, str] = {}
    problems: list[FieldProblem] = []
    blank: list[FieldSpec] = []
    for spec in specs:
        try:
            answer = read_answer(spec, values.get(spec.mark), around)
        except Refused as refusal:
            problems.append(FieldProblem(spec.mark, refusal.code, refusal.facts))
            continue
        if answer is not None:
            found[spec.code] = answer
        elif spec.is_required and spec.mark in values:
            blank.append(spec)
    problems += [
        FieldProblem(spec.mark, AnswerCode.MISSING, {}, Severity.WARNING)
        for spec in blank
        if spec.is_asked(found)
    ]
    return tuple(sorted(found.items())), problems


def is_open(spec: FieldSpec, state: State, returned: frozenset[str]) -> bool:
    """Tell whether the school is asked a field in a state; of a returned entry what is marked."""
    if spec.asked_when is AskedWhen.ACCEPTED:
        return state is State.ACCEPTED
    if state is State.DRAFT:
        return True
    is_marked = spec.mark in returned or (
        spec.owner is FieldOwner.MEMBER and Field.MEMBERS in returned
    )
    return state is State.RETURNED and is_marked


def _choices(spec: FieldSpec, around: Surroundings) -> tuple[Choice, ...]:
    if spec.kind is FieldKind.CHOICE:
        return tuple(Choice(o.code, o.names) for o in spec.options if not o.is_retired)
    if spec.kind is FieldKind.PERSON:
        return tuple(Choice(ref, {"en": name}) for ref, name in around.adults)
    return ()


def accepts(spec: FieldSpec, around: Surroundings) -> Texts:
    """Return in words what a field takes."""
    if spec.kind is FieldKind.VIDEO:
        host = min(around.hosts, default="…")
        return {locale: text % host for locale, text in _LINKS.items()}
    if spec.kind is FieldKind.NUMBER and spec.least is not None and spec.most is not None:
        limits = (f"{spec.least:g}", f"{spec.most:g}")
        return {locale: text % limits for locale, text in _BETWEEN.items()}
    return _ACCEPTS[spec.kind]
