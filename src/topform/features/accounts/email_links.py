"""Proving an address and replacing a forgotten password, by links sent there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from topform.core.errors import RateLimitedError
from topform.core.ids import AthleteId
from topform.features.accounts.errors import EmailTakenError, LinkError
from topform.features.accounts.history import write_down_and_tell
from topform.features.accounts.repository import AccountRepository
from topform.features.accounts.schemas import AccountHappening, NewEmail, PasswordReset, ResetRequest
from topform.features.accounts.service import Accounts
from topform.features.accounts.tasks import CHANGE, RESET, SEND_LINK_TASK, VERIFY
from topform.features.accounts.tokens import digest
from topform.features.athletes.public import Athlete, change_email, find_athlete, get_athlete
from topform.platform.jobs import defer
from topform.platform.web.resources import Resources

RESEND_AFTER: Final = timedelta(minutes=1)


class EmailLinks:
    """Sends links and takes them back."""

    def __init__(self, resources: Resources, accounts: Accounts) -> None:
        self._database = resources.database
        self._clock = resources.clock
        self._accounts = accounts

    async def send_verification(self, athlete_id: AthleteId) -> None:
        """Send the link that proves the account's address once more."""
        async with self._database.transaction() as session:
            athlete = await get_athlete(session, athlete_id)
        await self._send(athlete, VERIFY, athlete.email)

    async def change_email(self, athlete_id: AthleteId, form: NewEmail) -> None:
        """Send a link to the new address; the account keeps the old one until it is followed."""
        await self._accounts.confirm(athlete_id, form)
        async with self._database.transaction() as session:
            athlete = await get_athlete(session, athlete_id)
        await self._send(athlete, CHANGE, form.email.strip().lower())

    async def request_reset(self, form: ResetRequest, *, address: str) -> None:
        """Send a link to an address if it is an account's; the caller does not learn whether it is."""
        if not await self._accounts.attempts.may_ask_for_reset(address):
            raise RateLimitedError("Too many requests from this address.", remedy="Wait a few minutes and try again.")
        async with self._database.transaction() as session:
            athlete = await find_athlete(session, form.email)
        if athlete is not None:
            await self._send(athlete, RESET, athlete.email)

    async def verify(self, token: str) -> str:
        """Take the link of a verification or a change and return the address that is proven."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            link = await accounts.use_link(digest(token), (VERIFY, CHANGE), now=now)
            if link is None:
                raise _broken_link()
            athlete_id = AthleteId(link.athlete_id)
            before = await get_athlete(session, athlete_id)
            if link.purpose == CHANGE and before.email != link.email:
                if not await change_email(session, athlete_id, link.email, now=now):
                    raise EmailTakenError(
                        "Someone else has signed up with this address.", remedy="Choose another address."
                    )
                await write_down_and_tell(
                    session, athlete_id, AccountHappening.EMAIL_CHANGED, email=before.email, now=now
                )
            elif before.email != link.email:
                raise _broken_link()
            await accounts.mark_email_verified(athlete_id, at=now)
            return link.email

    async def reset_password(self, form: PasswordReset) -> None:
        """Take the link and store the new password; all devices are signed out and the lock is lifted."""
        password_hash = await self._accounts.passwords.hash(form.password.get_secret_value())
        now = self._clock.now()
        async with self._database.transaction() as session:
            accounts = AccountRepository(session)
            link = await accounts.use_link(digest(form.token), (RESET,), now=now)
            if link is None:
                raise _broken_link()
            athlete_id = AthleteId(link.athlete_id)
            await accounts.replace_hash(athlete_id, password_hash, now=now)
            await accounts.forget_failures(athlete_id, now=now)
            await accounts.end_sessions(athlete_id)
            await accounts.mark_email_verified(athlete_id, at=now)
            await write_down_and_tell(session, athlete_id, AccountHappening.PASSWORD_CHANGED, email=link.email, now=now)

    async def _send(self, athlete: Athlete, purpose: str, email: str) -> None:
        """Order a link, unless one was sent to the address a moment ago."""
        athlete_id, now = AthleteId(athlete.id), self._clock.now()
        async with self._database.transaction() as session:
            last = await AccountRepository(session).newest_link(athlete_id, purpose)
            if last is None or last.email != email or now - last.created_at >= RESEND_AFTER:
                await defer(
                    session,
                    SEND_LINK_TASK,
                    queueing_lock=f"{SEND_LINK_TASK}:{athlete_id}:{purpose}",
                    athlete_id=athlete_id,
                    purpose=purpose,
                    email=email,
                )


def _broken_link() -> LinkError:
    return LinkError("This link is unknown, too old, or has been used.", remedy="Ask for a new one.")
