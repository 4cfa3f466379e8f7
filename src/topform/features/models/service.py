"""The registry: register, move between states with a reason, load only what is signed and unchanged, go back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, ModelUnavailableError, NotFoundError
from topform.core.ids import new_id
from topform.features.models.repository import ModelRepository
from topform.features.models.tables import ModelTransitionRow, ModelVersionRow
from topform.platform.logs import get_logger
from topform.platform.model_signing import ModelSigner
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings

CANDIDATE, SHADOW, CHAMPION, RETIRED, REFUSED = "candidate", "shadow", "champion", "retired", "refused"
MOVES: Final = {
    None: {CANDIDATE, CHAMPION},
    CANDIDATE: {SHADOW, CHAMPION, REFUSED, RETIRED},
    SHADOW: {CHAMPION, REFUSED, RETIRED},
    CHAMPION: {RETIRED, REFUSED},
    RETIRED: {CHAMPION, REFUSED},
    REFUSED: set(),
}
"""Which states follow which; what was refused stays so."""

SHIPPED_CARD: Final = "ships_with_program"
"""Part of the card of a version whose file is the program's own."""

GOLDEN: Final = "golden"
"""Part of a version's card: some frames, and what the model says of them."""

DecidedBy = Literal["server", "administrator", "command"]

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to be: its file, what is known about it, and what it has seen."""

    model_id: str
    content: bytes
    card: Mapping[str, Any]
    trained_on: Mapping[str, Any] = field(default_factory=dict)
    dataset_number: int | None = None


class ModelRegistry:
    """The registry within one transaction."""

    def __init__(self, session: AsyncSession, store: ObjectStore, settings: Settings, *, now: datetime) -> None:
        self._repository = ModelRepository(session)
        self._session = session
        self._store = store
        self._signer = ModelSigner(settings.sealing_keys())
        self._now = now

    async def register(
        self,
        new: NewVersion,
        *,
        reason: str,
        state: str = CANDIDATE,
        numbers: Mapping[str, Any] | None = None,
        by: DecidedBy = "server",
    ) -> ModelVersionRow:
        """Sign and store a version; its file lies under its digest, so that storing it twice changes nothing."""
        await self._repository.lock(new.model_id)
        sha256 = hashlib.sha256(new.content).hexdigest()
        key = f"models/{new.model_id}/{sha256}"
        await self._store.put(key, new.content)
        number = await self._repository.next_number(new.model_id)
        card = dict(new.card)
        row = ModelVersionRow(
            id=new_id(),
            model_id=new.model_id,
            number=number,
            state=state,
            object_key=key,
            sha256=sha256,
            size_bytes=len(new.content),
            card=card,
            signature=self._signer.sign(statement(new.model_id, number, sha256, card)),
            trained_on=dict(new.trained_on),
            dataset_number=new.dataset_number,
            created_at=self._now,
        )
        if state not in MOVES[None]:
            raise ConflictError(f"No version begins as {state}.")
        await self._repository.add(row)
        await self._note(row, None, state, reason, numbers, by)
        return row

    async def version(self, model_id: str, number: int) -> ModelVersionRow:
        """Return one version."""
        row = await self._repository.version(model_id, number)
        if row is None:
            raise NotFoundError("There is no such model version.", remedy="`topform models versions` lists them.")
        return row

    async def in_state(self, model_id: str, state: str) -> ModelVersionRow | None:
        """Return the newest version in a state."""
        return await self._repository.in_state(model_id, state)

    async def has_versions(self, model_id: str) -> bool:
        """Tell whether there is any version; nobody else adds the first one until this transaction ends."""
        if await self._repository.next_number(model_id) > 1:
            return True
        await self._repository.lock(model_id)
        return await self._repository.next_number(model_id) > 1

    async def all_in_state(self, model_id: str, state: str) -> list[ModelVersionRow]:
        """Return all versions in a state, the oldest first."""
        return [row for row in reversed(await self._repository.versions(model_id)) if row.state == state]

    async def newest_trained(self, model_id: str) -> ModelVersionRow | None:
        """Return the newest version that was trained on labels of this server."""
        rows = await self._repository.versions(model_id)
        return next((row for row in rows if row.dataset_number is not None), None)

    async def since(self, row: ModelVersionRow, state: str) -> datetime:
        """Return when a version came into a state for the last time."""
        history = await self._repository.transitions([row.id])
        return max(one.created_at for one in history if one.after == state)

    async def gate_numbers(self, row: ModelVersionRow) -> Mapping[str, Any]:
        """Return the numbers with which a version passed its gates; none for one that never had to."""
        history = await self._repository.transitions([row.id])
        return next((one.numbers for one in history if one.before == CANDIDATE), {})

    async def former_champion(self, model_id: str) -> ModelVersionRow | None:
        """Return the version that a rollback would go to."""
        return next(iter(await self._repository.former_champions(model_id)), None)

    async def judged_against(self, champion: ModelVersionRow) -> int:
        """Return how many challengers were held against a version already."""
        rows = await self._repository.versions(champion.model_id)
        history = await self._repository.transitions([row.id for row in rows])
        return sum(one.before == CANDIDATE and one.numbers.get("against") == champion.number for one in history)

    async def read(self, row: ModelVersionRow) -> bytes:
        """Return the file of a version once digest and signature were found right.

        Raises
        ------
        ModelUnavailableError
            If the file is missing or has changed, or if the signature does not hold.
        """
        self._signer.verify(statement(row.model_id, row.number, row.sha256, row.card), row.signature)
        try:
            content = await self._store.get(row.object_key)
        except NotFoundError as error:
            raise ModelUnavailableError(
                f"The file of version {row.number} is missing",
                file=row.model_id,
                remedy="Restore it from a backup, or roll back: `topform models rollback`.",
            ) from error
        if hashlib.sha256(content).hexdigest() != row.sha256:
            raise ModelUnavailableError(
                f"The file of version {row.number} is not the one that was registered (its SHA-256 differs)",
                file=row.model_id,
                remedy="Restore it from a backup, or roll back: `topform models rollback`.",
            )
        return content

    async def move(
        self,
        row: ModelVersionRow,
        state: str,
        *,
        reason: str,
        numbers: Mapping[str, Any] | None = None,
        by: DecidedBy = "server",
    ) -> None:
        """Change a version's state and write down why."""
        await self._repository.lock(row.model_id)
        await self._session.refresh(row, ["state"])
        if state not in MOVES[row.state]:
            raise ConflictError(
                f"Version {row.number} is {row.state}; it cannot become {state}.",
                remedy="`topform models versions` shows what each version is.",
            )
        before = row.state
        await self._repository.set_state(row.id, state)
        row.state = state
        await self._session.flush()
        await self._note(row, before, state, reason, numbers, by)

    async def promote(
        self,
        row: ModelVersionRow,
        *,
        reason: str,
        numbers: Mapping[str, Any] | None = None,
        by: DecidedBy = "server",
    ) -> None:
        """Make a version the one that decides, once its file was found right; the one before is retired."""
        await self._repository.lock(row.model_id)
        await self.read(row)
        champion = await self.in_state(row.model_id, CHAMPION)
        if champion is not None and champion.id == row.id:
            raise ConflictError(f"Version {row.number} decides already.")
        if CHAMPION not in MOVES[row.state]:
            raise ConflictError(f"Version {row.number} was {row.state}; it cannot decide.")
        if champion is not None:
            await self.move(champion, RETIRED, reason=f"version {row.number} took over", by=by)
        await self.move(row, CHAMPION, reason=reason, numbers=numbers, by=by)

    async def rollback(
        self,
        model_id: str,
        *,
        reason: str,
        numbers: Mapping[str, Any] | None = None,
        by: DecidedBy = "server",
        state: str = RETIRED,
    ) -> ModelVersionRow:
        """Give the decision back to the champion before, the first whose file is still right; return it."""
        await self._repository.lock(model_id)
        champion = await self.in_state(model_id, CHAMPION)
        for former in await self._repository.former_champions(model_id):
            try:
                await self.read(former)
            except ModelUnavailableError as error:
                await self.move(former, REFUSED, reason=error.message, by=by)
                continue
            if champion is not None:
                await self.move(champion, state, reason=reason, numbers=numbers, by=by)
            back = f"back, because of version {champion.number}: {reason}" if champion is not None else reason
            await self.move(former, CHAMPION, reason=back, by=by)
            log.warning("model_rolled_back", model=model_id, to=former.number, reason=reason)
            return former
        raise ConflictError(
            "There is no earlier version to go back to.", remedy="`topform models versions` lists what there is."
        )

    async def champion(self, model_id: str) -> tuple[ModelVersionRow, bytes] | None:
        """Return the version that decides and its file; one that is damaged is refused, and the one before decides."""
        row = await self.in_state(model_id, CHAMPION)
        while row is not None:
            try:
                return row, await self.read(row)
            except ModelUnavailableError as error:
                log.error("model_version_refused", model=model_id, version=row.number, reason=error.message)
                try:
                    row = await self.rollback(model_id, reason=error.message, state=REFUSED)
                except ConflictError:
                    await self.move(row, REFUSED, reason=error.message)
                    return None
        return None

    async def _note(
        self,
        row: ModelVersionRow,
        before: str | None,
        after: str,
        reason: str,
        numbers: Mapping[str, Any] | None,
        by: DecidedBy,
    ) -> None:
        await self._repository.add(
            ModelTransitionRow(
                id=new_id(),
                version_id=row.id,
                before=before,
                after=after,
                reason=reason,
                numbers=dict(numbers or {}),
                decided_by=by,
                created_at=self._now,
            )
        )


def statement(model_id: str, number: int, sha256: str, card: Mapping[str, Any]) -> bytes:
    """Return what is signed: which version of which model, its file and its card."""
    said = {"model": model_id, "number": number, "sha256": sha256, "card": dict(card)}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
