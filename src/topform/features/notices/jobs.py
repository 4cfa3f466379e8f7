"""The worker's side of notices: to whom, when, and again if a push service is away."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from procrastinate import JobContext
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

from topform.core.ids import AthleteId
from topform.features.notices import delivering
from topform.features.notices.tasks import DELIVER, DUE, FEATURE, PUSH, RECEIPTS
from topform.platform.jobs import Jobs, RetryUnexpected, provided
from topform.platform.web.resources import Resources
from topform.providers.errors import ProviderRateLimitedError, ProviderUnavailableError

PUSH_ATTEMPTS: Final = 8
LONGEST_WAIT_S: Final = 3600


class RetryPush(RetryUnexpected):
    """Try again for some hours while a push service is away, and when it says so while it wants us to wait."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None to give up."""
        if job.attempts + 1 < PUSH_ATTEMPTS:
            if isinstance(exception, ProviderRateLimitedError):
                return RetryDecision(retry_in={"seconds": int(min(exception.retry_after_s + 1, LONGEST_WAIT_S))})
            if isinstance(exception, ProviderUnavailableError):
                return RetryDecision(retry_in={"seconds": min(10 * 4**job.attempts, LONGEST_WAIT_S)})
        return super().get_retry_decision(exception=exception, job=job)


jobs = Jobs(FEATURE)


@jobs.task(DELIVER)
async def deliver(context: JobContext, *, athlete_id: str) -> None:
    """Tell one athlete's devices what they are to be told by now."""
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        await delivering.deliver(session, AthleteId(UUID(athlete_id)), now=resources.clock.now())


@jobs.task(PUSH, retry=RetryPush())
async def push(context: JobContext, *, athlete_id: str, device_id: str, notice_ids: list[str] | None) -> None:
    """Send one message to one device."""
    ids = None if notice_ids is None else [UUID(one) for one in notice_ids]
    await delivering.push(provided(context, Resources), AthleteId(UUID(athlete_id)), UUID(device_id), ids)


@jobs.task(DUE, cron="* * * * *")
async def due(context: JobContext, *, timestamp: int) -> None:
    """Deliver what waited until now."""
    await delivering.deliver_due(provided(context, Resources))


@jobs.task(RECEIPTS, cron="*/5 * * * *")
async def receipts(context: JobContext, *, timestamp: int) -> None:
    """Ask what became of messages to phones, and forget phones that take none any more."""
    await delivering.check_receipts(provided(context, Resources))
