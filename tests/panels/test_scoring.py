"""Normalisation and ranking: exact, and blind to what must not matter."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.panels.scoring import Judgement, Weighing, normalised, ranking, score_of

scores = st.fractions(0, 100, max_denominator=12)


@st.composite
def tables(draw):
    """Judgements of up to five reviewers on up to eight cases, each case judged at least once."""
    cases = [f"A-{n}" for n in range(draw(st.integers(1, 8)))]
    found = []
    for reviewer in range(draw(st.integers(1, 5))):
        judged = cases if reviewer == 0 else draw(st.lists(st.sampled_from(cases), unique=True))
        found += [Judgement(reviewer, case, "choir", draw(scores)) for case in judged]
    return found


def changed(table, reviewer, change):
    return [
        Judgement(
            e.reviewer, e.case, e.group, change(e.score) if e.reviewer == reviewer else e.score
        )
        for e in table
    ]


def means(table):
    return {each.case: each.normalised for each in ranking(table)}


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_judgements_changes_nothing(table, chance):
    shuffled = list(table)
    chance.shuffle(shuffled)
    assert ranking(shuffled) == ranking(table)


@given(tables())
def test_the_names_of_the_reviewers_change_nothing(table):
    renamed = [Judgement(f"r{9 - e.reviewer}", e.case, e.group, e.score) for e in table]
    assert ranking(renamed) == ranking(table)


@given(tables(), st.fractions(-50, 50), st.fractions(Fraction(1, 9), 9))
def test_shift_and_scale_of_one_reviewers_marks_change_no_normalised_mean(table, shift, scale):
    assert means(changed(table, 0, lambda score: score * scale + shift)) == means(table)


@given(tables(), st.fractions(-50, 50))
def test_shift_of_one_reviewers_marks_changes_no_ranking_without_ties(table, shift):
    before = ranking(table)
    if len({each.normalised for each in before}) < len(before):
        return
    after = ranking(changed(table, 0, lambda score: score + shift))
    assert [each.case for each in after] == [each.case for each in before]


@given(tables())
def test_each_reviewers_normalised_scores_have_mean_zero_and_deviation_one(table):
    z = normalised(table)
    for reviewer in {each.reviewer for each in table}:
        own = [value for (judge, _case), value in z.items() if judge == reviewer]
        raw = {each.score for each in table if each.reviewer == reviewer}
        assert sum(own) == pytest.approx(0, abs=1e-9)
        deviation = sum(value * value for value in own) / len(own)
        assert deviation == pytest.approx(0 if len(raw) == 1 else 1)


def test_one_case_and_equal_marks_say_nothing():
    one = [Judgement("a", "A-1", "choir", Fraction(90))]
    equal = [Judgement("b", f"A-{n}", "choir", Fraction(1, 3)) for n in range(3)]
    assert set(normalised(one + equal).values()) == {0.0}


def test_each_category_is_normalised_by_itself():
    table = [
        Judgement("a", "A-1", "choir", Fraction(90)),
        Judgement("a", "A-2", "choir", Fraction(80)),
        Judgement("a", "A-3", "strings", Fraction(20)),
        Judgement("a", "A-4", "strings", Fraction(10)),
    ]
    assert [(each.case, each.normalised) for each in ranking(table)] == [
        ("A-1", 1.0), ("A-3", 1.0), ("A-2", -1.0), ("A-4", -1.0),
    ]  # fmt: skip


def test_a_strict_reviewer_weighs_as_much_as_a_generous_one():
    """The raw means say A-1; but both reviewers who compared them put A-2 first."""
    table = [
        Judgement("generous", "A-1", "choir", Fraction(95)),
        Judgement("generous", "A-3", "choir", Fraction(97)),
        Judgement("strict", "A-2", "choir", Fraction(60)),
        Judgement("strict", "A-3", "choir", Fraction(50)),
    ]
    assert [each.case for each in ranking(table)] == ["A-2", "A-3", "A-1"]


def test_ties_fall_by_raw_mean_then_spread_then_reference():
    def judged(case, *given):
        return [Judgement(f"{case}{n}", case, "choir", Fraction(s)) for n, s in enumerate(given)]

    table = [*judged("A-4", 70, 70), *judged("A-1", 60, 80), *judged("A-3", 70, 70),
             *judged("A-2", 90, 90)]  # fmt: skip
    assert [each.case for each in ranking(table)] == ["A-2", "A-3", "A-4", "A-1"]
    assert [each.spread for each in ranking(table)] == [0, 0, 0, 20]


def test_weights_and_highest_marks_count():
    criteria = {1: Weighing(3, 10), 2: Weighing(1, 20)}
    assert score_of({1: 850, 2: 1000}, criteria) == Fraction(305, 4)
    assert score_of({1: 1000, 2: 2000}, criteria) == 100


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 20), st.integers(0, 20)), min_size=1),
       st.integers(2, 7))  # fmt: skip
def test_weights_count_by_their_proportions_alone(rows, factor):
    marks = {n: min(given, most) * 100 for n, (_w, most, given) in enumerate(rows)}
    plain = {n: Weighing(weight, most) for n, (weight, most, _g) in enumerate(rows)}
    larger = {n: Weighing(weight * factor, most) for n, (weight, most, _g) in enumerate(rows)}
    assert score_of(marks, plain) == score_of(marks, larger)
    assert 0 <= score_of(marks, plain) <= 100
