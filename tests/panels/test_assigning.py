"""Who gets which case: balanced, the same every time, nobody who is barred."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scheduler.panels.assigning import Case, distribute

REVIEWERS = [f"P-{n}" for n in range(6)]


def cases(count, needs, barred=frozenset()):
    return [Case(f"A-{n:03}", needs, barred) for n in range(count)]


@given(st.integers(0, 40), st.integers(1, 5), st.integers(1, 6))
def test_everybody_gets_as_many_as_the_others_or_one_more(count, needs, reviewers):
    pairs = distribute(cases(count, needs), REVIEWERS[:reviewers], {})
    loads = Counter(reviewer for _case, reviewer in pairs)
    full = [loads[each] for each in REVIEWERS[:reviewers]]
    assert max(full) - min(full) <= 1
    assert len(set(pairs)) == len(pairs) == count * min(needs, reviewers)


@given(st.randoms(use_true_random=False))
def test_the_order_of_cases_and_reviewers_changes_nothing(chance):
    mixed, people = cases(20, 3), list(REVIEWERS)
    chance.shuffle(mixed)
    chance.shuffle(people)
    assert distribute(mixed, people, {}) == distribute(cases(20, 3), REVIEWERS, {})


@given(st.lists(st.frozensets(st.sampled_from(REVIEWERS)), max_size=20), st.integers(1, 4))
def test_nobody_gets_a_case_that_is_barred_for_them(barred, needs):
    asked = [Case(f"A-{n}", needs, each) for n, each in enumerate(barred)]
    pairs = distribute(asked, REVIEWERS, {})
    by_key = {case.key: case for case in asked}
    assert [pair for pair in pairs if pair[1] in by_key[pair[0]].barred] == []
    given_to = Counter(case for case, _reviewer in pairs)
    assert all(given_to[c.key] == min(needs, 6 - len(c.barred)) for c in asked)


def test_who_has_more_already_gets_less():
    pairs = distribute(cases(5, 1), REVIEWERS[:2], {"P-0": 3})
    assert Counter(reviewer for _case, reviewer in pairs) == {"P-1": 4, "P-0": 1}
