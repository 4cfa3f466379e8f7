"""Deleting an account: its doors first, then its objects, then every row; done twice it does nothing more."""

from __future__ import annotations

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.privacy.registry import ATHLETES, before_erasing, personal_data
from topform.features.privacy.repository import PersonalDataRepository
from topform.platform.mail import delete_letters
from topform.platform.web.resources import Resources


async def erase_account(resources: Resources, athlete_id: AthleteId) -> dict[str, int]:
    """Delete everything of an athlete, and return how many rows and objects there were.

    The rows go last: a crash before leaves an account that the next attempt finds and deletes.
    """
    await before_erasing(resources, athlete_id)
    await _erase_mail(resources, athlete_id)
    objects = await _erase_objects(resources, athlete_id)
    async with resources.database.transaction() as session:
        rows = PersonalDataRepository(session, athlete_id)
        await rows.lock()
        count = 0
        uploads = await rows.upload_keys()
        await rows.forget_platform()
        for declared in reversed(personal_data().tables):
            if declared.name != ATHLETES:
                count += await rows.count(declared)
                await rows.clear(declared)
        athletes = next(declared for declared in personal_data().tables if declared.name == ATHLETES)
        count += await rows.count(athletes)
        await rows.clear(athletes)
    for key in uploads:
        await resources.store.delete(key)
    # Work that ran meanwhile may have stored something before it found its account gone.
    objects += await _erase_objects(resources, athlete_id)
    return {"rows": count, "objects": objects + len(uploads)}


async def _erase_objects(resources: Resources, athlete_id: AthleteId) -> int:
    return sum([await resources.store.delete_all(f"{folder}/{athlete_id}") for folder in personal_data().folders])


async def _erase_mail(resources: Resources, athlete_id: AthleteId) -> None:
    """Delete the letters about and to the athlete that lie in the outbox of an installation without a mail server."""
    async with resources.database.transaction() as session:
        try:
            email = (await get_athlete(session, athlete_id)).email
        except NotFoundError:
            return
    delete_letters(resources.settings.data_dir / "outbox", athlete_id, email)
