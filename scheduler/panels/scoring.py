"""From marks to a ranking: weighted, normalised per reviewer, ordered. Pure, and exact.

A judgement's **score** is the weighted mean of its marks, each as a share of its maximum:

    score = 100 · Σ w·(mark / max) / Σ w

Some reviewers are strict, some use a wide scale. So each reviewer's scores *within a category* are
brought to the mean 0 and the standard deviation 1 (over all of that reviewer's judged cases there):

    z = (score − mean) / √variance,   variance = Σ (score − mean)² / n

Adding the same to all of a reviewer's scores, or multiplying them all, changes no z. A reviewer
with one case, or with equal scores throughout, says nothing about which case is better: z is 0.

A case's **normalised mean** is the mean of its z; its **raw mean** the mean of its scores; its
**spread** the highest score less the lowest. The ranking falls by normalised mean; ties are
decided by the higher raw mean, the smaller spread, and then the reference.

Scores, means and variances are fractions. z is computed as ±√(d² / variance) from one fraction,
and means with `fsum`; so results are the same to the last bit in whatever order reviewers come.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt

FULL = 100
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Weighing:
    """A criterion's weight and highest mark."""

    weight: int
    max_mark: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one reviewer's marks for one case come to, from 0 to 100."""

    reviewer: Hashable
    case: str
    group: Hashable
    score: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """A case in the ranking of its group (its category)."""

    case: str
    group: Hashable
    normalised: float
    raw: Fraction
    spread: Fraction
    judgements: int

    @property
    def order(self) -> tuple[float, Fraction, Fraction, str]:
        """Return what the ranking sorts by, the best first."""
        return (-self.normalised, -self.raw, self.spread, self.case)


def score_of(hundredths: Mapping[int, int], criteria: Mapping[int, Weighing]) -> Fraction:
    """Return the score of marks (in hundredths, by criterion); all criteria must be marked."""
    total = sum(weighing.weight for weighing in criteria.values())
    shares = (
        Fraction(weighing.weight * hundredths[key], weighing.max_mark * HUNDREDTHS)
        for key, weighing in criteria.items()
    )
    parts = sum(shares, Fraction(0))
    return FULL * parts / total


def normalised(judgements: Iterable[Judgement]) -> dict[tuple[Hashable, str], float]:
    """Return z by reviewer and case."""
    by_reviewer: defaultdict[tuple[Hashable, Hashable], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_reviewer[judgement.reviewer, judgement.group].append(judgement)
    return {
        (each.reviewer, each.case): z
        for own in by_reviewer.values()
        for each, z in zip(own, _z_of([each.score for each in own]), strict=True)
    }


def _z_of(scores: list[Fraction]) -> list[float]:
    mean = sum(scores, Fraction(0)) / len(scores)
    deviations = [score - mean for score in scores]
    variance = sum((each * each for each in deviations), Fraction(0)) / len(scores)
    if variance == 0:
        return [0.0] * len(scores)
    roots = [sqrt(each * each / variance) for each in deviations]
    return [-root if each < 0 else root for each, root in zip(deviations, roots, strict=True)]


def ranking(judgements: Iterable[Judgement]) -> list[Standing]:
    """Return all judged cases, the best first; those of one group alone are its ranking."""
    known = list(judgements)
    z_by_judgement = normalised(known)
    by_case: defaultdict[tuple[str, Hashable], list[Judgement]] = defaultdict(list)
    for judgement in known:
        by_case[judgement.case, judgement.group].append(judgement)
    standings = [
        Standing(
            case=case,
            group=group,
            normalised=fsum(z_by_judgement[each.reviewer, case] for each in own) / len(own),
            raw=sum((each.score for each in own), Fraction(0)) / len(own),
            spread=max(each.score for each in own) - min(each.score for each in own),
            judgements=len(own),
        )
        for (case, group), own in by_case.items()
    ]
    return sorted(standings, key=lambda standing: standing.order)
