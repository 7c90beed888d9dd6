"""The problem as a CP-SAT model: one start and one session for every activity.

Here are the variables and what can be said about one activity alone; `constraints.py` adds the
rules between activities and `wishes.py` the objective. Nothing is solved here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine import rows as attended
from scheduler.scheduling.engine.lanes import Kind, add_lane
from scheduler.scheduling.engine.limits import excluded_by, starts_in, starts_under_rules
from scheduler.scheduling.engine.plan import Placement, Plan, plan_of
from scheduler.scheduling.engine.sessions import relaxable_sessions_of, sessions_of
from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.turns import lanes_of, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scheduler.scheduling.engine.elements import Activity, Block
    from scheduler.scheduling.engine.lanes import Lane
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import NamedRule
    from scheduler.scheduling.engine.terms import EitherWay, Expr, Literal, Read
    from scheduler.scheduling.engine.ways import Parting


class Model:
    """Variables of one problem.

    With `relaxable` every named rule gets a literal (`literal_by_rule`) under which it holds, for
    explanations; without it the rules simply hold, which is much stronger.
    """

    def __init__(
        self, problem: Problem, *, relaxable: bool = False, apart: set[str] | None = None
    ) -> None:
        self.problem = problem
        self.relaxable = relaxable
        self.cp = cp_model.CpModel()
        self.literal_by_rule: dict[NamedRule, Literal] = {}
        self.sessions = relaxable_sessions_of(problem) if relaxable else sessions_of(problem)
        self.step: dict[str, cp_model.IntVar] = {}
        self.at: dict[str, dict[int, Literal]] = {}
        self.block_span: dict[str, tuple[Expr, Expr]] = {}
        self.session_used: dict[int, Literal] = {}
        self.partings: dict[tuple[str, str], Parting] = {}
        self._sessions_at: dict[tuple[str | None, int | None], set[int]] = {}
        self._either: dict[tuple[int, ...], Literal] = {}
        self._orders: dict[tuple[str, str], Literal] = {}
        self.lanes: dict[str, Lane] = {}
        lanes = [] if relaxable else lanes_of(problem)
        self._in_lanes = {id_ for block in lanes for id_ in block.activities}
        self._apart = told_apart(problem) if apart is None else apart
        shared = {} if relaxable else self._shared_sessions()
        for activity in problem.activities:
            self._place(activity, shared.get(activity.id))
        for block in lanes:
            self.lanes[block.id] = add_lane(self, block, self._kinds(block))

    # ---------------------------------------------------------------- asking

    total = staticmethod(total)
    rows = attended.rows
    pairs = attended.pairs
    stays = attended.stays
    idle = attended.idle

    def start(self, activity: str, offset: int = 0) -> Expr:
        """Return the start on stage, `offset` minutes later."""
        return self.problem.grid_minutes * self.step[activity] + offset

    def in_venue(self, activity: str, venue: str) -> Literal | None:
        """Return the literal "this activity is at this venue", None where it never can be."""
        return self.in_session(activity, self.sessions_at(venue=venue))

    def on_day(self, activity: str, day: int) -> Literal | None:
        return self.in_session(activity, self.sessions_at(day=day))

    def in_session(self, activity: str, wanted: set[int]) -> Literal | None:
        return self.either([lit for index, lit in self.at[activity].items() if index in wanted])

    def sessions_at(self, venue: str | None = None, day: int | None = None) -> set[int]:
        """Return the indexes of the sessions at a venue, on a day, or both."""
        if (venue, day) not in self._sessions_at:
            self._sessions_at[venue, day] = {
                index
                for index, session in enumerate(self.sessions)
                if venue in {None, session.venue} and day in {None, session.day}
            }
        return self._sessions_at[venue, day]

    def either(self, literals: Sequence[Literal]) -> Literal | None:
        """Return a literal that is true when one of these, of which at most one holds, is."""
        if len(literals) <= 1:
            return literals[0] if literals else None
        key = tuple(sorted(literal.index for literal in literals))
        if key not in self._either:
            self._either[key] = self.cp.new_bool_var("")
            self.cp.add(total(literals) == self._either[key])
        return self._either[key]

    def before(self, one: str, other: str) -> tuple[EitherWay, EitherWay]:
        """Return the literals "one before other" and its opposite, shared by all who ask."""
        key = (min(one, other), max(one, other))
        if key not in self._orders:
            self._orders[key] = self.cp.new_bool_var(f"{key[0]}<{key[1]}")
        literal = self._orders[key]
        return (literal, literal.negated()) if key[0] == one else (literal.negated(), literal)

    def on(self, rule: NamedRule) -> list[Literal]:
        """Return what must hold for constraints of this rule: nothing, or the rule's literal."""
        if not self.relaxable:
            return []
        if rule not in self.literal_by_rule:
            self.literal_by_rule[rule] = self.cp.new_bool_var(f"{rule.code} {rule.ids}")
        return [self.literal_by_rule[rule]]

    # --------------------------------------------------------------- placing

    def _shared_sessions(self) -> dict[str, dict[int, Literal]]:
        """Return the session literals of blocks: their items stand or fall together."""
        shared = {}
        for block in self.problem.blocks:
            if block.activities and not block.may_pause:
                literals = self._session_literals(block.id, self._possible_together(block))
                shared.update(dict.fromkeys(block.activities, literals))
        return shared

    def _possible_together(self, block: Block) -> list[int]:
        possible = [self._possible(self.problem.activity_by_id[id_]) for id_ in block.activities]
        return sorted(set.intersection(*map(set, possible)))

    def _possible(self, activity: Activity) -> list[int]:
        """Return the sessions in which the activity could be if it were alone."""
        allowed = self.domain_under_rules(activity)
        return [
            index
            for index, session in enumerate(self.sessions)
            if not self._starts(activity, index).intersection_with(allowed).is_empty()
            and not any(excluded_by(self.problem, activity, session.venue))
        ]

    def _session_literals(self, name: str, indexes: Iterable[int]) -> dict[int, Literal]:
        literals = {index: self.cp.new_bool_var(f"{name}@{index}") for index in indexes}
        self.cp.add_exactly_one(literals.values())  # nothing possible: plainly impossible
        return literals

    def _place(self, activity: Activity, shared: dict[int, Literal] | None) -> None:
        if self.relaxable:
            self._place_under_literals(activity)
            return
        literals = shared
        if literals is None:
            literals = self._session_literals(activity.id, self._possible(activity))
        allowed = self.domain_under_rules(activity)
        domains = {i: self._starts(activity, i).intersection_with(allowed) for i in literals}
        everywhere = cp_model.Domain.from_values([])
        for domain in domains.values():
            everywhere = everywhere.union_with(domain)
        if everywhere.is_empty():
            everywhere = cp_model.Domain(0, 0)
        self.at[activity.id] = literals
        if activity.id in self._in_lanes and activity.id not in self._apart:
            return
        self.step[activity.id] = self.cp.new_int_var_from_domain(everywhere, activity.id)
        self._stay_in_sessions(activity, domains)

    def _place_under_literals(self, activity: Activity) -> None:
        steps = cp_model.Domain(0, self.problem.days[-1].end // self.problem.grid_minutes)
        domains = {index: self._starts(activity, index) for index in range(len(self.sessions))}
        domains = {index: domain for index, domain in domains.items() if not domain.is_empty()}
        self.step[activity.id] = step = self.cp.new_int_var_from_domain(steps, activity.id)
        self.at[activity.id] = self._session_literals(activity.id, domains)
        self._stay_in_sessions(activity, domains)
        for index, literal in self.at[activity.id].items():
            session = self.sessions[index]
            for rule in (*session.without, *excluded_by(self.problem, activity, session.venue)):
                self.cp.add_bool_or(literal.negated(), self.on(rule)[0].negated())
        for rule, domain in starts_under_rules(self.problem, activity):
            self.cp.add_linear_expression_in_domain(step, domain).only_enforce_if(self.on(rule))

    def _stay_in_sessions(self, activity: Activity, domains: dict[int, cp_model.Domain]) -> None:
        step = self.step[activity.id]
        for index, literal in self.at[activity.id].items():
            inside = self.cp.add_linear_expression_in_domain(step, domains[index])
            inside.only_enforce_if(literal)

    def _starts(self, activity: Activity, index: int) -> cp_model.Domain:
        return starts_in(self.problem, activity, self.sessions[index].window)

    def domain_under_rules(self, activity: Activity) -> cp_model.Domain:
        domain = cp_model.Domain(0, self.problem.days[-1].end)
        for _, allowed in starts_under_rules(self.problem, activity):
            domain = domain.intersection_with(allowed)
        return domain

    def _kinds(self, block: Block) -> tuple[Kind, ...]:
        """Return the items of a block, those together that may swap without anybody noticing."""
        members: defaultdict[object, list[Activity]] = defaultdict(list)
        for id_ in block.activities:
            activity = self.problem.activity_by_id[id_]
            likeness = (
                id_ if id_ in self._apart else None,
                activity.region,
                activity.parts,
                tuple(self.domain_under_rules(activity).flattened_intervals()),
            )
            members[likeness].append(activity)
        return tuple(Kind(tuple(alike)) for alike in members.values())

    # --------------------------------------------------------------- reading

    def plan(self, value: Read) -> Plan:
        """Return the plan that these values of the variables mean."""
        starts = {id_: value(step) for id_, step in self.step.items()}
        for lane in self.lanes.values():
            starts |= zip(lane.order(value), map(value, lane.turns), strict=True)
        grid = self.problem.grid_minutes
        return plan_of(
            Placement(id_, self._venue(id_, value), grid * start) for id_, start in starts.items()
        )

    def _venue(self, activity: str, value: Read) -> str:
        index = next(i for i, literal in self.at[activity].items() if value(literal))
        return self.sessions[index].venue
