"""The worker's side of accounts: letters. Links are made here, so that no job ever carries one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from procrastinate import JobContext
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.accounts.letter_repository import forget_address
from topform.features.accounts.letters import letter
from topform.features.accounts.repository import AccountRepository
from topform.features.accounts.tables import EmailLinkRow
from topform.features.accounts.tasks import CHANGE, FEATURE, RESET, SEND_LINK, SEND_NOTICE, VERIFY
from topform.features.accounts.tokens import digest, new_token
from topform.features.athletes.public import Athlete, get_athlete
from topform.platform.happenings import Happening, happened
from topform.platform.jobs import Jobs, RetryUnexpected, provided
from topform.platform.mail import MailError, mail_transport
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

LASTS: Final = {VERIFY: timedelta(days=3), CHANGE: timedelta(days=3), RESET: timedelta(hours=1)}
PAGES: Final = {VERIFY: "/verify-email", CHANGE: "/verify-email", RESET: "/reset-password"}


class RetryMail(RetryUnexpected):
    """Try again for about half an hour while the mail server is away."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None to give up."""
        if isinstance(exception, MailError) and job.attempts < 5:
            return RetryDecision(retry_in={"seconds": 10 * 3**job.attempts})
        return super().get_retry_decision(exception=exception, job=job)


jobs = Jobs(FEATURE)


@jobs.task(SEND_LINK, retry=RetryMail())
async def send_link(context: JobContext, *, athlete_id: str, purpose: str, email: str | None = None) -> None:
    """Make a link and send it to an address; without one it was sent before the worker ended."""
    if email is None:
        return
    resources = provided(context, Resources)
    now = resources.clock.now()
    token = new_token()
    async with resources.database.transaction() as session:
        athlete = await _athlete(session, athlete_id)
        if athlete is None:
            return
        await AccountRepository(session).add_link(
            EmailLinkRow(
                token_sha256=digest(token),
                athlete_id=athlete.id,
                purpose=purpose,
                email=email,
                created_at=now,
                expires_at=now + LASTS[purpose],
            )
        )
    link = f"{base_address(resources.settings)}{PAGES[purpose]}?{urlencode({'token': token})}"
    await _send(resources, athlete, purpose, to=email, link=link)
    await _forget_address(resources, context)


@jobs.task(SEND_NOTICE, retry=RetryMail())
async def send_notice(context: JobContext, *, athlete_id: str, kind: str, email: str | None = None) -> None:
    """Tell an athlete about a change of the account, by e-mail and where they want to be told of things.

    Without an address it was told before the worker ended.
    """
    if email is None:
        return
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        athlete = await _athlete(session, athlete_id)
        if athlete is not None:
            key = f"security:{context.job.id}"
            happened(session, Happening("security", athlete.id, key, resources.clock.now()))
    if athlete is not None:
        await _send(resources, athlete, kind, to=email, link=f"{base_address(resources.settings)}/forgot-password")
        await _forget_address(resources, context)


def base_address(settings: Settings) -> str:
    """Return the address under which people reach this server."""
    # As `topform serve` says it: under another name of the same machine nobody is signed in.
    host = "localhost" if settings.host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else settings.host  # noqa: S104
    return (settings.public_url or f"http://{host}:{settings.port}").rstrip("/")


async def _forget_address(resources: Resources, context: JobContext) -> None:
    """Take the address out of a job whose letter was sent: the record of finished work is kept for a week."""
    async with resources.database.transaction() as session:
        await forget_address(session, context.job.id)


async def _athlete(session: AsyncSession, athlete_id: str) -> Athlete | None:
    try:
        return await get_athlete(session, AthleteId(UUID(athlete_id)))
    except NotFoundError:
        return None


async def _send(resources: Resources, athlete: Athlete, kind: str, *, to: str, link: str) -> None:
    mail = letter(kind, language=athlete.language, to=to, name=athlete.display_name, link=link, account=athlete.id)
    await mail_transport(resources.settings, resources.clock).send(mail)
