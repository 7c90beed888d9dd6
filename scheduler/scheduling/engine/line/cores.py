"""What is left of an order's pieces and players once all that decides itself is taken out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Player:
    """People in the same pieces; `pay` is what one minute of their waiting costs.

    `as_first` and `as_last` hold what it costs more when a piece is their first or last.
    """

    pieces: frozenset[int]
    pay: int
    as_first: Mapping[int, int] = field(default_factory=dict)
    as_last: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        return not self.as_first and not self.as_last


@dataclass(frozen=True)
class Core:
    """Pieces to be put in order, each of one or more `members` that follow one another."""

    minutes: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]
    players: tuple[Player, ...]

    @cached_property
    def players_of(self) -> tuple[frozenset[int], ...]:
        return tuple(
            frozenset(
                number for number, player in enumerate(self.players) if piece in player.pieces
            )
            for piece in range(len(self.minutes))
        )

    def cost(self, order: Sequence[int]) -> int:
        """Return what the players' waiting costs in this order."""
        total = 0
        for player in self.players:
            places = [place for place, piece in enumerate(order) if piece in player.pieces]
            within = order[places[0] : places[-1]]
            waited = sum(self.minutes[piece] for piece in within if piece not in player.pieces)
            total += player.pay * waited + player.as_first.get(order[places[0]], 0)
            total += player.as_last.get(order[places[-1]], 0)
        return total


def cores_of(core: Core) -> list[Core]:
    """Return what is left to be ordered; the parts can follow one another in any way.

    Who is in one piece never waits, who is in all of them never does either; pieces with the
    same players belong together, and pieces without common players need not know of each other.
    Nothing of this changes what the best order costs.
    """
    parts = _apart(_joined(_without_idle(core)))
    if len(parts) == 1 and _size(parts[0]) == _size(core):
        return [_heaviest_first(core)]
    return [smaller for part in parts for smaller in cores_of(part)]


def _heaviest_first(core: Core) -> Core:
    """Sort the pieces by what it may cost to wait for them: bounds are strongest for the first."""
    weight = [
        minutes * sum(core.players[number].pay for number in players)
        for minutes, players in zip(core.minutes, core.players_of, strict=True)
    ]
    order = sorted(range(len(weight)), key=lambda piece: (-weight[piece], core.members[piece]))
    return _grouped(core, [[piece] for piece in order])


def _size(core: Core) -> tuple[int, int]:
    return len(core.minutes), len(core.players)


def _without_idle(core: Core) -> Core:
    """Leave out players who never wait, and count those in the same pieces together."""
    pay: defaultdict[frozenset[int], int] = defaultdict(int)
    choosy = []
    for player in core.players:
        if not player.pay or len(player.pieces) <= 1:
            continue
        if not player.is_plain:
            choosy.append(player)
        elif len(player.pieces) < len(core.minutes):
            pay[player.pieces] += player.pay
    plain = (Player(pieces, minute) for pieces, minute in pay.items())
    return Core(core.minutes, core.members, (*plain, *choosy))


def _joined(core: Core) -> Core:
    """Let pieces with the same players follow one another, as some best order does.

    Whichever of two such pieces lies where fewer others wait, the other can be put beside it. Only
    where it matters which piece somebody begins or ends with, they stay apart.
    """
    alike: defaultdict[object, list[int]] = defaultdict(list)
    for piece, players in enumerate(core.players_of):
        plain = all(core.players[number].is_plain for number in players)
        alike[players, None if plain else piece].append(piece)
    return _grouped(core, list(alike.values()))


def _apart(core: Core) -> list[Core]:
    """Return the pieces that are linked by players, each such group for itself."""
    group_by_piece = list(range(len(core.minutes)))
    for player in core.players:
        linked = {group_by_piece[piece] for piece in player.pieces}
        group_by_piece = [min(linked) if one in linked else one for one in group_by_piece]
    return [
        _grouped(core, [[piece] for piece, one in enumerate(group_by_piece) if one == group])
        for group in sorted(set(group_by_piece))
    ]


def _grouped(core: Core, groups: Iterable[Sequence[int]]) -> Core:
    """Return the core of these groups of its pieces, each as one piece, and of their players."""
    groups = list(groups)
    number = {piece: index for index, group in enumerate(groups) for piece in group}
    return Core(
        tuple(sum(core.minutes[piece] for piece in group) for group in groups),
        tuple(tuple(m for piece in group for m in core.members[piece]) for group in groups),
        tuple(
            Player(
                frozenset(number[piece] for piece in player.pieces),
                player.pay,
                {number[piece]: cost for piece, cost in player.as_first.items()},
                {number[piece]: cost for piece, cost in player.as_last.items()},
            )
            for player in core.players
            if player.pieces <= number.keys()
        ),
    )
