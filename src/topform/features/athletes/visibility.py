"""The one answer to "who may see this row"; every query over an athlete's rows goes through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, wraps
from typing import Any, ClassVar, Final, ParamSpec, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    column,
    event,
    exists,
    false,
    func,
    literal,
    select,
)
from sqlalchemy import table as named_table
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    with_loader_criteria,
)

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.platform.database import Base


class Share(StrEnum):
    """What an athlete can share with a coach; each table that can be shared says under which of these."""

    ACTIVITIES = "activities"
    NUMBERS = "numbers"
    PLAN = "plan"
    PLAN_PROPOSALS = "plan_proposals"
    FORM_CHECKS = "form_checks"
    HEALTH_NOTES = "health_notes"


@dataclass(frozen=True, slots=True)
class Looking:
    """A coach who looks at an athlete's data, and what was granted when they began to."""

    coach: AthleteId
    athlete: AthleteId
    shares: frozenset[Share]


_purpose: ContextVar[Purpose] = ContextVar("purpose", default=Purpose.OWN_EYES)
_looking: ContextVar[Looking | None] = ContextVar("looking", default=None)

_grants = named_table(
    "coach_grants",
    column("athlete_id", Uuid()),
    column("coach_id", Uuid()),
    column("scopes", ARRAY(Text())),
    column("accepted_at", DateTime(timezone=True)),
    column("ended_at", DateTime(timezone=True)),
)
"""What athletes granted coaches; the rule reads the columns that decide, the feature of coaches owns the table."""

_people = named_table("athletes", column("id", Uuid()), column("birth_date", Date())).alias("people")
"""The rule is read before the table of athletes exists; its own name keeps it apart
in queries of athletes."""

SHARING_FROM_YEARS = 16
"""Nobody younger shares with anybody, in whatever way it was granted; GDPR, article 8, where no state lowers it."""

PUBLISHING_FROM_YEARS = 18
"""Nobody younger lets the world outside of the server read anything."""


class AthleteOwned:
    """Mixin of tables whose rows belong to an athlete and go with them."""

    share: ClassVar[Share | None] = None
    """What has to be granted for a coach to see the rows; None: no coach ever does."""

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))


class Tagged:
    """Mixin of tables whose values may come from a source that restricts their use."""

    restricted_by: Mapped[str | None] = mapped_column()
    """The source whose terms keep the row for its owner's eyes; None when it may be used freely."""


P = ParamSpec("P")
Statement = TypeVar("Statement")
Viewer = AthleteId | ColumnElement[UUID]

VIEWER: Final = bindparam("viewer", type_=Uuid())
"""The viewer of a statement that is built before anybody asks; see `built_once`."""


def built_once(build: Callable[P, Statement]) -> Callable[P, Statement]:
    """Have a statement built once for each of its shapes; putting a long condition together outlasts running it.

    What `build` is given are the shapes, such as whether a page is continued. Values, the viewer's id too, are
    parameters of the statement, filled in when it runs. Where somebody else looks on, `visible_to` means something
    else, and the statement is built for that moment.
    """
    kept = cast(Callable[P, Statement], cache(build))

    @wraps(build)
    def statement(*shapes: P.args, **named: P.kwargs) -> Statement:
        is_usual = _looking.get() is None and _purpose.get() is Purpose.OWN_EYES
        return (kept if is_usual else build)(*shapes, **named)

    return statement


def visible_to(
    viewer: Viewer, table: type[AthleteOwned], *, purpose: Purpose = Purpose.OWN_EYES
) -> ColumnElement[bool]:
    """Return the condition under which the viewer gets a row.

    It is their own; or, for a coach, its athlete grants them this kind of row at this moment. In either case its
    source has to allow the purpose. Inside `looking_at` the services run as they do for the athlete, and every query
    of theirs gets the athlete's rows that the coach may see, and nobody else's.
    """
    looking = _looking.get()
    if looking is not None:
        of_athlete = and_(table.athlete_id == viewer, literal(looking.athlete, Uuid()) == viewer)
        return and_(of_athlete, _granted(looking.coach, table))
    if Purpose.RESEARCH in (purpose, _purpose.get()):
        return false()
    if purpose is Purpose.COACH:
        return _granted(viewer, table)
    is_own = table.athlete_id == viewer
    allowed = usable_for(purpose, table)
    return is_own if allowed is None else and_(is_own, allowed)


def may_share(table: type[AthleteOwned]) -> ColumnElement[bool]:
    """Return the condition under which a row's athlete is old enough to share it; unknown ages count as such."""
    return ~is_below(table.athlete_id, SHARING_FROM_YEARS)


def is_below(person: ColumnElement[UUID] | InstrumentedAttribute[UUID] | UUID, years: int) -> ColumnElement[bool]:
    """Return the condition that somebody is known to be younger."""
    return exists().where(
        _people.c.id == person,
        _people.c.birth_date > func.current_date() - func.make_interval(years),
    )


def may_publish(table: type[AthleteOwned]) -> ColumnElement[bool]:
    """Return the condition that a row's athlete said to be of full age; unknown ages do not count as such."""
    return exists().where(
        _people.c.id == table.athlete_id,
        _people.c.birth_date <= func.current_date() - func.make_interval(PUBLISHING_FROM_YEARS),
    )


def _granted(coach: Viewer, table: type[AthleteOwned]) -> ColumnElement[bool]:
    if table.share is None:
        return false()
    grant = exists().where(
        _grants.c.athlete_id == table.athlete_id,
        _grants.c.coach_id == coach,
        any_(_grants.c.scopes) == table.share.value,
        _grants.c.accepted_at.is_not(None),
        _grants.c.ended_at.is_(None),
    )
    allowed = usable_for(Purpose.COACH, table)
    shared = and_(grant, may_share(table))
    return shared if allowed is None else and_(shared, allowed)


@contextmanager
def looking_at(athlete: AthleteId, *, coach: AthleteId, shares: frozenset[Share]) -> Iterator[None]:
    """Have every query in this context get what the coach may see of the athlete."""
    token = _looking.set(Looking(coach, athlete, shares))
    try:
        with reading_for(Purpose.COACH):
            yield
    finally:
        _looking.reset(token)


def reader_of(athlete: AthleteId) -> AthleteId:
    """Return who reads the athlete's data in this context: the coach who looks at them, otherwise the athlete."""
    looking = _looking.get()
    return looking.coach if looking is not None and looking.athlete == athlete else athlete


def is_seen_by_others() -> bool:
    """Tell whether what is read in this context is shown to somebody else than its athlete."""
    return _looking.get() is not None or _purpose.get() in (Purpose.OTHER_PEOPLE, Purpose.COACH)


def is_shared_here(share: Share) -> bool:
    """Tell whether parts of a row that need a grant of their own, such as notes, may be shown in this context."""
    looking = _looking.get()
    return not is_seen_by_others() if looking is None else share in looking.shares


def usable_for(purpose: Purpose, table: type[AthleteOwned]) -> ColumnElement[bool] | None:
    """Return the condition under which a row's source allows the purpose; None when nothing restricts it."""
    if purpose.takes_restricted or not issubclass(table, Tagged):
        return None
    return table.restricted_by.is_(None)


@contextmanager
def reading_for(purpose: Purpose) -> Iterator[None]:
    """Have every query in this context, whoever makes it, leave out rows whose source forbids the purpose."""
    token = _purpose.set(purpose)
    try:
        yield
    finally:
        _purpose.reset(token)


async def restricting_sources(session: AsyncSession, athlete_id: AthleteId) -> set[str]:
    """Return the sources that keep some of the athlete's rows for the athlete's eyes."""
    found: set[str] = set()
    for mapper in Base.registry.mappers:
        table: Any = mapper.class_
        if issubclass(table, Tagged) and issubclass(table, AthleteOwned):
            query = select(table.restricted_by).where(visible_to(athlete_id, table), table.restricted_by.is_not(None))
            found.update(await session.scalars(query.distinct()))
    return found


@event.listens_for(Session, "do_orm_execute")
def _leave_out_restricted(state: ORMExecuteState) -> None:
    if state.is_select and not _purpose.get().takes_restricted:
        criteria = with_loader_criteria(Tagged, lambda table: table.restricted_by.is_(None), include_aliases=True)
        state.statement = state.statement.options(criteria)
