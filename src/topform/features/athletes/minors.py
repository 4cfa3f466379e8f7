"""What children may do here: no account before 13, nothing shared before 16, no route, weight or picture before 18."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, PermissionDeniedError
from topform.core.ids import AthleteId
from topform.features.athletes.repository import AthleteRepository
from topform.features.athletes.visibility import PUBLISHING_FROM_YEARS, SHARING_FROM_YEARS

ACCOUNT_FROM_YEARS: Final = 13


class TooYoungError(PermissionDeniedError):
    """The person is too young for this."""

    code = "too_young"


class AgeUnknownError(PermissionDeniedError):
    """What was asked is for adults, and the person never said when they were born."""

    code = "age_unknown"


class BirthDateFixedError(ConflictError):
    """A date of birth below 16 years is corrected by the person who runs the server."""

    code = "birth_date_fixed"


def age_on(birth_date: date, day: date) -> int:
    """Return a person's age in whole years on a day.

    Examples
    --------
    >>> age_on(date(2010, 3, 2), date(2026, 3, 1)), age_on(date(2010, 3, 2), date(2026, 3, 2))
    (15, 16)
    """
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def require_old_enough(birth_date: date | None, *, today: date) -> None:
    """Refuse a date of birth in the future, and an account before 13."""
    if birth_date is None:
        return
    if birth_date > today or birth_date.year < today.year - 130:
        raise InvalidInputError("This cannot be a date of birth.", remedy="Check the year.")
    if age_on(birth_date, today) < ACCOUNT_FROM_YEARS:
        raise TooYoungError(
            f"TopForm is for people from {ACCOUNT_FROM_YEARS} years on.", remedy="Come back when you are older."
        )


def require_changeable(before: date | None, after: date | None, *, today: date) -> None:
    """Refuse that somebody below 16 makes themselves older, and that a date is taken away again."""
    if before is None or before == after:
        return
    if after is None or age_on(before, today) < SHARING_FROM_YEARS:
        raise BirthDateFixedError(
            "This date of birth cannot be changed here.", remedy="Ask the person who runs the server to correct it."
        )


def ages_reached(birth_date: date | None, *, today: date) -> tuple[bool, ...]:
    """Return whether somebody reached the ages to share and to show everything; unknown ages count as such.

    Examples
    --------
    >>> ages_reached(date(2010, 3, 2), today=date(2026, 3, 2)), ages_reached(None, today=date(2026, 3, 2))
    ((True, False), (True, True))
    """
    return tuple(
        birth_date is None or age_on(birth_date, today) >= years
        for years in (SHARING_FROM_YEARS, PUBLISHING_FROM_YEARS)
    )


async def require_may_share(session: AsyncSession, athlete_id: AthleteId, *, today: date) -> None:
    """Refuse sharing to people below 16; an age that was never said counts as old enough."""
    row = await AthleteRepository(session).get(athlete_id)
    if row is not None and row.birth_date is not None and age_on(row.birth_date, today) < SHARING_FROM_YEARS:
        raise TooYoungError(
            f"Below {SHARING_FROM_YEARS} years nothing is shared with anybody.",
            remedy=f"Your data stay yours alone until you are {SHARING_FROM_YEARS}.",
        )


async def require_may_show(session: AsyncSession, athlete_id: AthleteId, what: str, *, today: date) -> None:
    """Refuse people below 18 to show a field on a post, as where they were; an age never said is old enough."""
    row = await AthleteRepository(session).get(athlete_id)
    if row is not None and row.birth_date is not None and age_on(row.birth_date, today) < PUBLISHING_FROM_YEARS:
        raise TooYoungError(
            f"Below {PUBLISHING_FROM_YEARS} years a post shows no {what}.", remedy=f"Share it without the {what}."
        )


async def known_below(session: AsyncSession, athlete_ids: Collection[UUID], years: int) -> set[UUID]:
    """Return who of some athletes is known to be younger by now."""
    return await AthleteRepository(session).known_below(athlete_ids, years)


async def require_may_publish(session: AsyncSession, athlete_id: AthleteId, *, today: date) -> None:
    """Refuse to let anything leave the server to people who did not say that they are of full age."""
    row = await AthleteRepository(session).get(athlete_id)
    if row is None or row.birth_date is None:
        raise AgeUnknownError(
            "Only adults can let people without an account read what they share.",
            remedy="Enter your date of birth in your profile.",
        )
    if age_on(row.birth_date, today) < PUBLISHING_FROM_YEARS:
        raise TooYoungError(
            f"Below {PUBLISHING_FROM_YEARS} years nothing leaves this server.",
            remedy="Share with people on this server.",
        )
