"""Making challenges, taking part, and reading boards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import age_on, get_athlete, require_may_share, require_plain_name
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeRow
from topform.features.community.challenges.board_repository import BoardRepository
from topform.features.community.challenges.boards import board_of, decoded
from topform.features.community.challenges.efforts import (
    PUSH_UP,
    counted_ids,
    ladder_of,
    sets_of,
    standing_of,
    window_of,
)
from topform.features.community.challenges.reacting import TOLD_AT_MOST, order_look, tell_of_place
from topform.features.community.challenges.repository import ChallengeRepository, Seen
from topform.features.community.challenges.schemas import (
    Board,
    Challenge,
    ChallengePage,
    EntryWish,
    LadderEvidence,
    LadderStep,
    Likeness,
    ListedState,
    NewChallenge,
    OwnEntry,
    Repetition,
    ScoreEvidence,
    SetEvidence,
)
from topform.features.community.challenges.scoring import age_band
from topform.features.community.challenges.seeing import ZONE_DAYS, ended_before, state_of, visible_challenge
from topform.features.community.challenges.standings_repository import StandingsRepository
from topform.features.community.challenges.team_repository import TeamRepository
from topform.features.community.club_members.sharing import club_of_member
from topform.features.community.events import CHALLENGE_CHANGED, CHALLENGE_DELETED
from topform.features.community.evidence import require_not_taken_away
from topform.features.community.posts.schemas import Author
from topform.features.community.relations.service import person_of, require_profile
from topform.features.community.removal_repository import RemovalRepository
from topform.features.community.removals import write_down_removal
from topform.features.community.topics import board_topic
from topform.platform.events import announce, hold, publish
from topform.platform.happenings import Happening, happened
from topform.platform.web.idempotency import Nothing
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page

MOST_PEOPLE: Final = 5000
MOST_INVITED: Final = 500
MOST_RUNNING: Final = 20
MOST_PLACES: Final = 50
EARLIEST_DAYS: Final = 31


class ChallengeFullError(ConflictError):
    """As many people take part as can, or as many were asked."""

    code = "challenge_full"


class TooManyChallengesError(ConflictError):
    """One person has made, or takes part in, as many challenges as can be."""

    code = "too_many_challenges"


class TakenOffError(ConflictError):
    """The challenge's maker, or a moderator, took the person off the board."""

    code = "taken_off_board"


class NotSharedError(ConflictError):
    """People like oneself can be asked for only in what one shows."""

    code = "likeness_not_shared"


async def create(session: AsyncSession, athlete_id: AthleteId, new: NewChallenge, *, now: datetime) -> Challenge:
    """Make a challenge, and take part in it unless that is not wanted."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    require_plain_name(new.title, what="title")
    await require_not_taken_away(session, athlete_id, new.title)
    if new.last_day < now.date() - timedelta(days=ZONE_DAYS):
        raise InvalidInputError("The challenge would be over already.", remedy="Choose a later last day.")
    if new.first_day < now.date() - timedelta(days=EARLIEST_DAYS):
        raise InvalidInputError(
            f"A challenge looks back {EARLIEST_DAYS} days at most.", remedy="Choose a later first day."
        )
    challenges = ChallengeRepository(session)
    if await challenges.running_of(athlete_id, ended_before=ended_before(now)) >= MOST_RUNNING:
        raise TooManyChallengesError(
            f"You have made {MOST_RUNNING} challenges that are not over.", remedy="Delete one of them first."
        )
    if new.club_id is not None:
        await club_of_member(session, athlete_id, new.club_id)
    row = ChallengeRow(
        id=new_id(),
        athlete_id=athlete_id,
        exercise=PUSH_UP if new.kind == "push_ups" else None,
        created_at=now,
        **new.model_dump(exclude={"take_part", "sport", "audience"}),
        audience="invited" if new.audience == "club" else new.audience,
        sport=None if new.sport is None else new.sport.value,
    )
    await challenges.add(row)
    if new.take_part:
        return await take_part(session, athlete_id, row.id, EntryWish(), now=now)
    await publish(session, athlete_id, CHALLENGE_CHANGED, {"id": str(row.id)})
    return await get_challenge(session, athlete_id, row.id, now=now)


async def get_challenge(session: AsyncSession, viewer: AthleteId, challenge_id: UUID, *, now: datetime) -> Challenge:
    """Return a challenge that the viewer may see."""
    return _shown(await visible_challenge(session, viewer, challenge_id), viewer, now)


async def list_challenges(
    session: AsyncSession, viewer: AthleteId, *, state: ListedState, now: datetime, cursor: str | None, limit: int
) -> ChallengePage:
    """Return a page of challenges, those made last first."""
    found = await ChallengeRepository(session).page(
        viewer, state=state, ended_before=ended_before(now), after=decode_cursor(cursor), limit=limit + 1
    )
    return _page(found, viewer, now=now, limit=limit)


def _page(found: Sequence[Seen], viewer: AthleteId, *, now: datetime, limit: int) -> ChallengePage:
    shown, has_more = split_page(found, limit)
    return ChallengePage(
        items=[_shown(seen, viewer, now) for seen in shown],
        next_cursor=encode_cursor(shown[-1].row.created_at, shown[-1].row.id) if has_more else None,
    )


async def challenges_of_club(
    session: AsyncSession, viewer: AthleteId, club_id: UUID, *, now: datetime, cursor: str | None, limit: int
) -> ChallengePage:
    """Return a page of a club's challenges that are not over; nothing for who is not in it."""
    found = await ChallengeRepository(session).of_club(
        viewer, club_id, ended_before=ended_before(now), after=decode_cursor(cursor), limit=limit + 1
    )
    return _page(found, viewer, now=now, limit=limit)


async def delete_challenge(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID) -> Nothing:
    """Delete one's own challenge, or one of a club that one runs, with all places in it."""
    seen = await ChallengeRepository(session).visible(athlete_id, challenge_id)
    people = await StandingsRepository(session).people(challenge_id, limit=TOLD_AT_MOST)
    if not await ChallengeRepository(session).remove(athlete_id, challenge_id):
        raise NotFoundError("There is no such challenge of yours.")
    await announce(session, board_topic(challenge_id))
    makers = () if seen is None else (seen.row.athlete_id,)
    for person in sorted({athlete_id, *people, *makers}):
        await publish(session, person, CHALLENGE_DELETED, {"id": str(challenge_id)})
    return Nothing()


async def take_part(
    session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID, wish: EntryWish, *, now: datetime
) -> Challenge:
    """Take a place, or change what one shows of oneself; what was recorded on the days so far counts at once."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    seen = await visible_challenge(session, athlete_id, challenge_id)
    await hold(session, athlete_id)  # What is recorded meanwhile is counted by one of the two.
    challenges = ChallengeRepository(session)
    before = await challenges.entry(athlete_id, challenge_id)
    if before is not None and before.removed_at is not None:
        raise TakenOffError("You were taken off this board.", remedy="You can appeal once.")
    if before is None:
        await _require_room(session, athlete_id, seen, now=now)
    standing = await standing_of(session, athlete_id, seen.row)
    await challenges.set_entry(
        {
            "challenge_id": challenge_id,
            "athlete_id": athlete_id,
            "id": new_id(),
            "score": standing.score,
            "reached_at": standing.reached_at,
            "base": standing.base,
            "joined_at": now,
            "removed_at": None,
            "is_named": wish.is_named,
            "level": wish.level,
            **await _shared(session, athlete_id, seen.row, wish),
        }
    )
    await tell_of_place(session, athlete_id, challenge_id)
    if standing.score > 0:
        await order_look(session, athlete_id)
    return await get_challenge(session, athlete_id, challenge_id, now=now)


async def leave(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID) -> Nothing:
    """Give one's place back, also in a challenge that one does not see any more."""
    if not await ChallengeRepository(session).leave(athlete_id, challenge_id):
        raise NotFoundError("You have no place in such a challenge.")
    await TeamRepository(session).forget_empty(challenge_id)
    await tell_of_place(session, athlete_id, challenge_id)
    return Nothing()


async def invite(
    session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID, handle: str, *, now: datetime
) -> Challenge:
    """Ask somebody into one's own challenge."""
    seen = await _own(session, athlete_id, challenge_id)
    if seen.row.club_id is not None:
        raise ConflictError("All members of its club may take part, and nobody else.", remedy="Ask them into the club.")
    person = (await person_of(session, athlete_id, handle)).row.athlete_id
    if await StandingsRepository(session).invited(challenge_id) >= MOST_INVITED:
        raise ChallengeFullError(f"{MOST_INVITED} people were asked.", remedy="Share it with your followers instead.")
    await ChallengeRepository(session).invite(challenge_id, person, now=now)
    for told in sorted({athlete_id, person}):
        await publish(session, told, CHALLENGE_CHANGED, {"id": str(challenge_id)})
    key = f"challenge:{challenge_id}"
    happened(session, Happening("challenge", person, key, now, actor_id=athlete_id, challenge_id=challenge_id))
    return await get_challenge(session, athlete_id, challenge_id, now=now)


async def uninvite(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID, handle: str) -> Nothing:
    """Take a question back; who takes part already stays."""
    await _own(session, athlete_id, challenge_id)
    person = (await person_of(session, athlete_id, handle)).row.athlete_id
    await ChallengeRepository(session).uninvite(challenge_id, person)
    await publish(session, person, CHALLENGE_CHANGED, {"id": str(challenge_id)})
    return Nothing()


async def take_off(
    session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID, entry_id: UUID, *, now: datetime
) -> Nothing:
    """Take a place off the board of one's own challenge; who had it cannot join again."""
    await _own(session, athlete_id, challenge_id)
    person = await StandingsRepository(session).take_off(challenge_id, entry_id, now=now)
    if person is None:
        raise NotFoundError("There is no such place on the board.")
    if await RemovalRepository(session).was_given_back(person, challenge_id):
        raise ConflictError("A moderator gave this place back.", remedy="Report it, if something new happened.")
    await TeamRepository(session).forget_empty(challenge_id)
    await write_down_removal(session, person, "entry", challenge_id, by=athlete_id, note="", now=now, is_by_maker=True)
    await tell_of_place(session, AthleteId(person), challenge_id)
    return Nothing()


async def get_board(
    session: AsyncSession,
    viewer: AthleteId,
    challenge_id: UUID,
    *,
    like: Sequence[Likeness],
    cursor: str | None,
    limit: int,
) -> Board:
    """Return a page of the board as the viewer may see it."""
    seen = await visible_challenge(session, viewer, challenge_id)
    if missing := [name for name in like if getattr(seen.entry, name, None) is None]:
        raise NotSharedError(
            f"You do not show this challenge your {missing[0].replace('_', ' ')}.",
            remedy="Change your place first: PUT /api/v1/community/challenges/{challenge_id}/entry.",
        )
    after = None if cursor is None else decoded(cursor)
    found = await BoardRepository(session).page(viewer, challenge_id, like=like, after=after, limit=limit)
    return board_of(challenge_id, viewer, found, like=like, limit=limit)


async def evidence(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID) -> ScoreEvidence:
    """Return what one's own score is made of."""
    seen = await visible_challenge(session, athlete_id, challenge_id)
    if seen.entry is None:
        raise NotFoundError("You have no place in such a challenge.")
    sets = await sets_of(session, athlete_id, seen.row) if seen.row.kind == "push_ups" else []
    counted = counted_ids(sets, window_of(seen.row))
    return ScoreEvidence(
        score=seen.entry.score,
        ladder=await _ladder(session, athlete_id, seen.row, seen.entry),
        sets=[
            SetEvidence(
                form_check_id=row.form_check_id,
                day=day,
                count=row.count,
                counted=row.form_check_id in counted,
                reps=[Repetition.model_validate(rep) for rep in row.reps],
            )
            for row, day in sets
        ],
    )


async def _ladder(
    session: AsyncSession, athlete_id: AthleteId, row: ChallengeRow, entry: ChallengeEntryRow
) -> LadderEvidence | None:
    if row.ranked_by != "own_best":
        return None
    ladder, _ = await ladder_of(session, athlete_id, row, base=entry.base)
    steps = [LadderStep.model_validate(step, from_attributes=True) for step in ladder.steps]
    return LadderEvidence(base=ladder.base, starts_on=ladder.starts_on, steps=steps)


async def _own(session: AsyncSession, athlete_id: AthleteId, challenge_id: UUID) -> Seen:
    seen = await visible_challenge(session, athlete_id, challenge_id)
    if seen.row.athlete_id != athlete_id:
        raise NotFoundError("There is no such challenge of yours.")
    return seen


async def _require_room(session: AsyncSession, athlete_id: AthleteId, seen: Seen, *, now: datetime) -> None:
    if state_of(seen.row, now) in ("late", "settled"):
        raise ConflictError("The challenge is over.", remedy="Join another one, or make one.")
    if await StandingsRepository(session).count(seen.row.id) >= MOST_PEOPLE:
        raise ChallengeFullError(f"{MOST_PEOPLE} people take part.", remedy="Join another one, or make one.")
    places = await ChallengeRepository(session).places_of(athlete_id)
    if sum(row.last_day >= ended_before(now) for _, row in places) >= MOST_PLACES:
        raise TooManyChallengesError(
            f"You take part in {MOST_PLACES} challenges that are not over.", remedy="Leave one of them first."
        )


async def _shared(session: AsyncSession, athlete_id: AthleteId, row: ChallengeRow, wish: EntryWish) -> dict[str, Any]:
    """Return what the profile holds of what may be compared; age as it is on the first day."""
    athlete = await get_athlete(session, athlete_id)
    is_known = athlete.birth_date is not None and "age_band" in wish.share
    return {
        "age_band": age_band(age_on(athlete.birth_date, row.first_day)) if is_known and athlete.birth_date else None,
        "sex": athlete.sex if "sex" in wish.share else None,
    }


def _shown(seen: Seen, viewer: AthleteId, now: datetime) -> Challenge:
    row = seen.row
    return Challenge.model_validate(
        {
            "id": row.id,
            "title": row.title,
            "kind": row.kind,
            "ranked_by": row.ranked_by,
            "sport": row.sport,
            "exercise": row.exercise,
            "first_day": row.first_day,
            "last_day": row.last_day,
            "audience": row.audience if row.club_id is None else "club",
            "club": None if row.club_id is None else {"id": row.club_id, "name": seen.club},
            "team_size": row.team_size,
            "maker": Author(handle=seen.maker.handle, name=seen.maker.name),
            "is_own": row.athlete_id == viewer,
            "may_close": row.athlete_id == viewer or (row.club_id is not None and seen.runs_club),
            "people": seen.people,
            "state": state_of(row, now),
            "entry": None if seen.entry is None else _own_entry(seen.entry),
            "is_invited": seen.is_invited,
            "is_removed": row.removed_at is not None,
            "created_at": row.created_at,
        }
    )


def _own_entry(row: ChallengeEntryRow) -> OwnEntry:
    return OwnEntry.model_validate(row, from_attributes=True)
