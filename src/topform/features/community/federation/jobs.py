"""The worker's side of federation: what is to be told, sending it, and again for days while a server is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from procrastinate import JobContext
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.federation import announcing, sending
from topform.features.community.federation.addresses import Place
from topform.features.community.federation.remote_repository import RemoteRepository
from topform.features.community.federation.tasks import ANNOUNCE, DELIVER, FEATURE, TIDY
from topform.platform.jobs import JobFailure, Jobs, RetryUnexpected, provided
from topform.platform.web.resources import Resources
from topform.providers.errors import ProviderRateLimitedError, ProviderUnavailableError

DELIVERY_ATTEMPTS: Final = 40
FIRST_WAIT_S: Final = 15
LONGEST_WAIT_S: Final = 21_600
UNNEEDED_AFTER: Final = timedelta(days=1)


class RetryDelivery(RetryUnexpected):
    """Try again with growing waits, up to six hours, while another server is away; sending stops by the clock."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None to give up."""
        if job.attempts + 1 < DELIVERY_ATTEMPTS:
            if isinstance(exception, ProviderRateLimitedError):
                return RetryDecision(retry_in={"seconds": int(min(exception.retry_after_s + 1, LONGEST_WAIT_S))})
            if isinstance(exception, ProviderUnavailableError):
                wait_s = FIRST_WAIT_S * 4 ** min(job.attempts, 6)
                return RetryDecision(retry_in={"seconds": min(wait_s, LONGEST_WAIT_S)})
        return super().get_retry_decision(exception=exception, job=job)


jobs = Jobs(FEATURE)


@jobs.task(ANNOUNCE)
async def announce(context: JobContext, *, athlete_id: str) -> None:
    """Tell other servers what changed of one person."""
    await announcing.announce(provided(context, Resources), AthleteId(UUID(athlete_id)))


@jobs.task(DELIVER, retry=RetryDelivery())
async def deliver(context: JobContext, *, delivery_id: str) -> None:
    """Send one message."""
    await sending.deliver(provided(context, Resources), UUID(delivery_id))


@jobs.on_failure(DELIVER)
async def undelivered(failure: JobFailure, context: JobContext) -> None:
    """Forget a message that could not be sent."""
    await sending.give_up(provided(context, Resources), UUID(str(failure.arguments["delivery_id"])))


@jobs.task(TIDY, cron="17 * * * *")
async def tidy(context: JobContext, *, timestamp: int) -> None:
    """Compare what others know with what is shared, and forget whom nobody here has to do with any more."""
    resources = provided(context, Resources)
    try:
        Place.of(resources.settings)
    except NotFoundError:
        return
    await announcing.announce_everybody(resources)
    async with resources.database.transaction() as session:
        await RemoteRepository(session).forget_unneeded(before=resources.clock.now() - UNNEEDED_AFTER)
