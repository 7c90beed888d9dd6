"""The names the model's modules use for the solver's expressions and Booleans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ortools.sat.python import cp_model, cp_model_helper

Expr: TypeAlias = cp_model.LinearExpr
Literal: TypeAlias = cp_model.IntVar
EitherWay: TypeAlias = cp_model_helper.Literal  # a literal or its opposite
Read: TypeAlias = Callable[[cp_model.IntVar], int]


def total(parts: Iterable[cp_model.LinearExprT]) -> Expr:
    """Return the sum of these expressions, an expression even when there are none."""
    return Expr.sum(list(parts))
