"""Who may see an athlete's data, and what a coach does with athletes who let them in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError
from topform.core.ids import AthleteId
from topform.features.athletes.public import Share, get_athlete
from topform.features.coaches import groups, overview, service
from topform.features.coaches.access import looking, require_unrestricted
from topform.features.coaches.schemas import (
    AccessChange,
    AccessQuestion,
    CoachAccess,
    CoachedAthlete,
    CoachedAthletes,
    CoachGroup,
    CoachGroups,
    CoachInvitation,
    CoachProposal,
    CoachReads,
    GroupName,
    InvitationCode,
    InvitationOrder,
    PeopleWithAccess,
)
from topform.features.plans.public import ChangeWish, PlanLockedError, ProposalCard, propose_what_if
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.rate_limits import UseRateLimits
from topform.platform.web.resources import Use

router = APIRouter(prefix="/coaching", tags=["coaching"])

AthletesLimit = Annotated[int, Query(ge=1, le=50, description="How many athletes a page holds at most.")]


@router.get("/coaches")
async def list_people_with_access(use: Use, athlete_id: SignedInAthlete) -> PeopleWithAccess:
    """Return who else can see your data, what of it and since when, who asks to, and who could before."""
    async with use.database.transaction() as session:
        return await service.people(session, athlete_id, now=use.clock.now())


@router.get("/reads")
async def list_coach_reads(
    use: Use,
    athlete_id: SignedInAthlete,
    coach_id: Annotated[UUID | None, Query(description="Only this coach's; all when absent.")] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> CoachReads:
    """Return what your coaches looked at and suggested, day by day, the latest first."""
    async with use.database.transaction() as session:
        coach = None if coach_id is None else AthleteId(coach_id)
        return await service.reads(session, athlete_id, coach_id=coach, cursor=cursor, limit=limit)


@router.put("/coaches/{coach_id:uuid}")
async def set_coach_access(
    coach_id: UUID, change: AccessChange, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> CoachAccess:
    """Say yes to a coach's question, or choose what a coach sees from now on."""
    return await once.write(
        use,
        athlete_id,
        change,
        lambda session, now: service.change_access(session, athlete_id, AthleteId(coach_id), change, now=now),
        CoachAccess,
    )


@router.delete("/coaches/{coach_id:uuid}", status_code=204)
async def end_coach_access(coach_id: UUID, use: Use, athlete_id: SignedInAthlete) -> None:
    """Take a coach's access back, or refuse a question; it holds from the next request on."""
    async with use.database.transaction() as session:
        await service.end_access(session, athlete_id, AthleteId(coach_id), by="athlete", now=use.clock.now())


@router.post("/invitations", status_code=201)
async def invite_coach(order: InvitationOrder, use: Use, athlete_id: SignedInAthlete) -> CoachInvitation:
    """Invite a coach: by e-mail, or with a code that you hand over; it works once, for 14 days."""
    async with use.database.transaction() as session:
        return await service.invite(session, athlete_id, order, now=use.clock.now())


@router.delete("/invitations/{invitation_id:uuid}", status_code=204)
async def withdraw_coach_invitation(invitation_id: UUID, use: Use, athlete_id: SignedInAthlete) -> None:
    """Take an invitation back; its code opens nothing from now on."""
    async with use.database.transaction() as session:
        await service.take_invitation_back(session, athlete_id, invitation_id)


@router.post("/athletes", status_code=201)
async def become_coach(
    form: InvitationCode, use: Use, coach_id: SignedInAthlete, limits: UseRateLimits
) -> CoachedAthlete:
    """Become somebody's coach with the code that they gave you."""
    await service.count_try(limits, coach_id)
    async with use.database.transaction() as session:
        athlete_id = await service.use_invitation(session, coach_id, form.code, now=use.clock.now())
    return await overview.athlete_of(use, coach_id, athlete_id)


@router.post("/questions", status_code=202, response_class=Response)
async def ask_to_coach(
    question: AccessQuestion, use: Use, coach_id: SignedInAthlete, limits: UseRateLimits
) -> Response:
    """Ask an athlete to let you in as their coach; the answer is the same when nobody has the address."""
    await service.count_question(limits, coach_id)
    async with use.database.transaction() as session:
        await service.ask(session, coach_id, question, now=use.clock.now())
    return Response(status_code=202)


@router.get("/athletes")
async def list_coached_athletes(
    use: Use,
    coach_id: SignedInAthlete,
    group_id: Annotated[UUID | None, Query(description="Only those in this group of yours; all when absent.")] = None,
    limit: AthletesLimit = 20,
    cursor: CursorParameter = None,
) -> CoachedAthletes:
    """Return the athletes who let you in, with form, last session, how they keep to their plan, and warnings."""
    return await overview.athletes_of(use, coach_id, group_id=group_id, cursor=cursor, limit=limit)


@router.get("/groups")
async def list_coach_groups(use: Use, coach_id: SignedInAthlete) -> CoachGroups:
    """Return the groups in which you keep your athletes; nobody else sees them."""
    async with use.database.transaction() as session:
        return await groups.groups_of(session, coach_id)


@router.post("/groups", status_code=201)
async def make_coach_group(wish: GroupName, use: Use, coach_id: SignedInAthlete, once: DoOnce) -> CoachGroup:
    """Make a group."""
    return await once.write(
        use, coach_id, wish, lambda session, now: groups.make_group(session, coach_id, wish, now=now), CoachGroup
    )


@router.patch("/groups/{group_id:uuid}")
async def rename_coach_group(
    group_id: UUID, wish: GroupName, use: Use, coach_id: SignedInAthlete, once: DoOnce
) -> CoachGroup:
    """Give a group another name."""
    return await once.write(
        use, coach_id, wish, lambda session, _: groups.rename_group(session, coach_id, group_id, wish), CoachGroup
    )


@router.delete("/groups/{group_id:uuid}", status_code=204)
async def delete_coach_group(group_id: UUID, use: Use, coach_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete a group; you keep coaching its athletes."""
    await once.write(use, coach_id, None, lambda session, _: groups.delete_group(session, coach_id, group_id), Nothing)


@router.put("/groups/{group_id:uuid}/athletes/{athlete_id:uuid}")
async def put_into_coach_group(
    group_id: UUID, athlete_id: UUID, use: Use, coach_id: SignedInAthlete, once: DoOnce
) -> CoachGroup:
    """Put an athlete who lets you in into a group."""
    return await once.write(
        use,
        coach_id,
        None,
        lambda session, _: groups.put_in(session, coach_id, group_id, AthleteId(athlete_id)),
        CoachGroup,
    )


@router.delete("/groups/{group_id:uuid}/athletes/{athlete_id:uuid}", status_code=204)
async def take_out_of_coach_group(
    group_id: UUID, athlete_id: UUID, use: Use, coach_id: SignedInAthlete, once: DoOnce
) -> None:
    """Take an athlete out of a group; you keep coaching them."""
    await once.write(
        use,
        coach_id,
        None,
        lambda session, _: groups.take_out(session, coach_id, group_id, AthleteId(athlete_id)),
        Nothing,
    )


@router.get("/athletes/{athlete_id:uuid}")
async def get_coached_athlete(athlete_id: UUID, use: Use, coach_id: SignedInAthlete) -> CoachedAthlete:
    """Return an athlete who let you in, what they share, and how they are doing."""
    return await overview.athlete_of(use, coach_id, AthleteId(athlete_id))


@router.delete("/athletes/{athlete_id:uuid}", status_code=204)
async def stop_coaching(athlete_id: UUID, use: Use, coach_id: SignedInAthlete) -> None:
    """Step back as an athlete's coach; you see nothing of theirs from now on."""
    async with use.database.transaction() as session:
        await service.end_access(session, AthleteId(athlete_id), coach_id, by="coach", now=use.clock.now())


@router.post("/athletes/{athlete_id:uuid}/plans/proposals", status_code=201)
async def suggest_plan_change(
    athlete_id: UUID, wish: CoachProposal, use: Use, coach_id: SignedInAthlete, once: DoOnce
) -> ProposalCard:
    """Suggest a change of an athlete's plan with a reason; nothing changes before the athlete accepts it."""
    athlete = AthleteId(athlete_id)
    needs = (Share.PLAN, Share.PLAN_PROPOSALS)
    async with looking(use, coach_id, athlete, *needs, what="suggest_plan_change", item=str(wish.plan_id)) as shares:
        pass
    await require_unrestricted(use, athlete)

    async def suggest(session: AsyncSession, now: datetime) -> ProposalCard:
        coach = await get_athlete(session, coach_id)
        try:
            card = await propose_what_if(
                session,
                athlete,
                wish.plan_id,
                ChangeWish(change=wish.change, why=wish.why),
                now=now,
                coach_name=coach.display_name,
            )
        except PlanLockedError as error:
            if Share.HEALTH_NOTES in shares:
                raise
            raise ConflictError("The plan cannot be changed at the moment.", remedy="Talk to the athlete.") from error
        return card if Share.ACTIVITIES in shares else card.model_copy(update={"effect": {}})

    return await once.write(
        use, coach_id, {"athlete": str(athlete), **wish.model_dump(mode="json")}, suggest, ProposalCard
    )
