"""Writes plans: daily load first, sessions second. What it writes is checked by `topform.coaching.checker`."""

from topform.coaching.planner.plan import Plan, make_plan

__all__ = ["Plan", "make_plan"]
