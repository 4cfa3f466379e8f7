"""Watching the version that decides: the shadow beside it, contradictions by people, inputs that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError
from topform.core.ids import new_id
from topform.features.consents.public import ConsentPurpose, consenting_athletes
from topform.features.form_checks.public import ConsentedCheck, consented_checks
from topform.features.improvement.examples import Judged, input_bins, judged_by
from topform.features.improvement.repository import ImprovementRepository
from topform.features.improvement.tables import AlarmRow
from topform.features.improvement.training import registry_of
from topform.features.models.public import CHAMPION, REFUSED, SHADOW, ModelRegistry, ModelVersionRow
from topform.kinematics.verdict_model import MODEL_ID, read_constants
from topform.platform.logs import get_logger
from topform.platform.web.resources import Resources
from topform.science.drift import PSI_ACT, PageHinkley, population_stability_index

log = get_logger(__name__)

DISPUTE_DELTA: Final = 0.1
DISPUTE_THRESHOLD: Final = 8.0
"""How often they raise a false alarm, and how soon a true one: ``benchmarks/accuracy/model_alarms.py``."""

ANSWERS_OF_ONE: Final = 5
MIN_CONTRADICTING: Final = 8
"""People: nobody brings a version down alone, nor keeps it."""

MIN_INPUTS: Final = 150
SHADOW_MARGIN: Final = 0.02
"""By how much more often the shadow may be contradicted than the champion. A share of the answers"""


Said = Mapping[UUID, Judged]
"""What one version says of form checks, by their id; of those that it was not asked about there is nothing."""


@dataclass(frozen=True, slots=True)
class Watching:
    """A model whose versions are watched, and how one of them is asked about sets."""

    model_id: str
    says: Callable[[AsyncSession, ModelVersionRow, bytes, Sequence[ConsentedCheck]], Awaitable[Said]]


async def _verdict_says(
    _session: AsyncSession, _row: ModelVersionRow, content: bytes, checks: Sequence[ConsentedCheck]
) -> Said:
    constants = read_constants(content)
    return {check.form_check_id: judged_by(check.document, constants) for check in checks}


VERDICT: Final = Watching(MODEL_ID, _verdict_says)


async def watch(use: Resources) -> dict[str, Any]:
    """Watch the verdict; see `watch_model`."""
    await forget_withdrawn(use)
    async with use.database.transaction() as session:
        return await watch_model(session, await registry_of(session, use), VERDICT, use)


async def watch_model(
    session: AsyncSession, registry: ModelRegistry, watching: Watching, use: Resources
) -> dict[str, Any]:
    """Judge new sets beside the champion, raise alarms, go back where people say so, let the shadow take over."""
    found = await registry.champion(watching.model_id)
    if found is None:
        return {"champion": None}
    row, content = found
    checks = await consented_checks(session, since=await registry.since(row, CHAMPION))
    said = await watching.says(session, row, content, checks)
    await _note(session, row, checks, said, use)
    rolled_back = await _disputes(session, registry, watching, row, checks, said, use)
    if rolled_back is None:
        rolled_back = await _inputs(session, registry, row, checks, use)
    shadow = None if rolled_back else await _shadow(session, registry, watching, checks, said, use)
    return {"champion": row.number, "sets": len(checks), "rolled_back_to": rolled_back, "shadow": shadow}


async def forget_withdrawn(use: Resources) -> None:
    """Delete examples and judgements of athletes who do not agree any more."""
    async with use.database.transaction() as session:
        agreed = await consenting_athletes(session, ConsentPurpose.IMPROVE_FORM_MODEL)
        repository = ImprovementRepository(session)
        await repository.forget_examples(MODEL_ID, agreed=agreed, before=0)
        await repository.forget_judgements(agreed=agreed)


async def _note(
    session: AsyncSession, row: ModelVersionRow, checks: Sequence[ConsentedCheck], said: Said, use: Resources
) -> None:
    repository = ImprovementRepository(session)
    known = await repository.judged(row.id)
    rows = [
        {
            "form_check_id": check.form_check_id,
            "athlete_id": check.athlete_id,
            "version_id": row.id,
            "decision": said[check.form_check_id].decision,
            "probability": said[check.form_check_id].probability,
            "created_at": use.clock.now(),
        }
        for check in checks
        if check.form_check_id in said and check.form_check_id not in known
    ]
    await repository.add_judgements(rows)


def contradictions(checks: Sequence[ConsentedCheck], said: Said) -> list[tuple[str, bool]]:
    """Return person and whether they contradict, for every set that both judged, in the order it was said.

    Of each person the first `ANSWERS_OF_ONE` count.
    """
    answered = sorted(
        (check for check in checks if check.said_at is not None and check.form_check_id in said),
        key=lambda one: (one.said_at, one.code),
    )
    counted: Counter[str] = Counter()
    found = []
    for check in answered:
        contradicts = said[check.form_check_id].contradicts(check.is_wrong)
        if contradicts is not None and counted[check.person] < ANSWERS_OF_ONE:
            counted[check.person] += 1
            found.append((check.person, contradicts))
    return found


def dispute_alarm(said: Sequence[tuple[str, bool]], expected: float | None) -> dict[str, Any] | None:
    """Return the numbers of an alarm if people contradict more often than expected, None if they do not."""
    test = PageHinkley(delta=DISPUTE_DELTA, threshold=DISPUTE_THRESHOLD, target=expected)
    for place, (_, contradicts) in enumerate(said, start=1):
        test = test.after(float(contradicts))
        people = {person for person, so in said[:place] if so}
        if test.is_alarmed and len(people) >= MIN_CONTRADICTING:
            return {
                "answers": place,
                "contradicted": sum(so for _, so in said[:place]),
                "people": len(people),
                "expected": expected,
                "excess": test.excess,
                "threshold": DISPUTE_THRESHOLD,
            }
    return None


async def _disputes(
    session: AsyncSession,
    registry: ModelRegistry,
    watching: Watching,
    champion: ModelVersionRow,
    checks: Sequence[ConsentedCheck],
    judged: Said,
    use: Resources,
) -> int | None:
    """Raise the alarm of contradictions; return the version it went back to."""
    repository = ImprovementRepository(session)
    if "disputes" in await repository.alarm_kinds(champion.id):
        return None
    gates = await registry.gate_numbers(champion)
    expected = 1.0 - gates["agrees"]["challenger"] if "agrees" in gates else None
    said = contradictions(checks, judged)
    numbers = dispute_alarm(said, expected)
    if numbers is None:
        return None
    former = await registry.former_champion(watching.model_id)
    outcome, back = "there is no earlier version; train on the new labels", None
    if former is not None:
        others = contradictions(checks, await watching.says(session, former, await registry.read(former), checks))
        numbers |= {"share": _share(said), "former": former.number, "former_share": _share(others)}
        outcome = f"version {former.number} is contradicted as often; train on the new labels"
        if _share(others) < _share(said):
            try:
                back = (
                    await registry.rollback(watching.model_id, reason="people contradict it", numbers=numbers)
                ).number
                outcome = f"rolled back to version {back}"
            except ConflictError as error:
                outcome = error.message
    await repository.add_alarm(_alarm(champion, "disputes", numbers, outcome, use))
    log.warning("model_alarm", kind="disputes", version=champion.number, outcome=outcome)
    return back


def _share(said: Sequence[tuple[str, bool]]) -> float:
    return sum(so for _, so in said) / len(said) if said else 1.0


def input_changes(before: Mapping[str, Mapping[str, int]], now: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return the stability index of every input that both know."""
    changes = {}
    for name in before.keys() & now.keys():
        bins = sorted(before[name].keys() | now[name].keys())
        if len(bins) >= 2:
            changes[name] = population_stability_index(
                expected=[before[name].get(one, 0) for one in bins], observed=[now[name].get(one, 0) for one in bins]
            )
    return dict(sorted(changes.items()))


async def _inputs(
    session: AsyncSession,
    registry: ModelRegistry,
    champion: ModelVersionRow,
    checks: Sequence[ConsentedCheck],
    use: Resources,
) -> int | None:
    """Raise the alarm of inputs that are not what the champion was trained on; return the version it went back to.

    Other sets are no proof of a worse verdict. It goes back only where the version before was trained on sets like
    those of today.
    """
    repository = ImprovementRepository(session)
    if len(checks) < MIN_INPUTS or "inputs" in await repository.alarm_kinds(champion.id):
        return None
    now = input_bins([check.document for check in checks])
    changes = _changes_since(champion, now)
    if changes is None or max(changes.values(), default=0.0) <= PSI_ACT:
        return None
    numbers: dict[str, Any] = {"psi": changes, "sets": len(checks), "limit": PSI_ACT}
    outcome, back = "train on the new labels; the version stays", None
    former = await registry.former_champion(champion.model_id)
    former_changes = _changes_since(former, now) if former is not None else None
    if former is not None and former_changes is not None:
        numbers |= {"former": former.number, "former_psi": former_changes}
        if max(former_changes.values(), default=0.0) <= PSI_ACT:
            try:
                reason = "the version before knows the sets of today"
                back = (await registry.rollback(champion.model_id, reason=reason, numbers=numbers)).number
                outcome = f"rolled back to version {back}"
            except ConflictError as error:
                outcome = error.message
    await repository.add_alarm(_alarm(champion, "inputs", numbers, outcome, use))
    log.warning("model_alarm", kind="inputs", version=champion.number, outcome=outcome)
    return back


def _changes_since(version: ModelVersionRow, now: Mapping[str, Mapping[str, int]]) -> dict[str, float] | None:
    """Return how far inputs are from those that a version was trained on; None where too few are known."""
    trained = version.card.get("inputs")
    if trained is None or sum(trained["view"].values()) < MIN_INPUTS:
        return None
    return input_changes(trained, now)


def _alarm(version: ModelVersionRow, kind: str, numbers: dict[str, Any], outcome: str, use: Resources) -> AlarmRow:
    return AlarmRow(
        id=new_id(),
        version_id=version.id,
        kind=kind,
        numbers=numbers,
        outcome=outcome,
        created_at=use.clock.now(),
    )


async def _shadow(
    session: AsyncSession,
    registry: ModelRegistry,
    watching: Watching,
    checks: Sequence[ConsentedCheck],
    champion: Said,
    use: Resources,
) -> dict[str, Any] | None:
    """Judge new sets by the shadow too; after enough of them it takes over, or is refused."""
    row = await registry.in_state(watching.model_id, SHADOW)
    if row is None:
        return None
    begun = await registry.since(row, SHADOW)
    said = await watching.says(
        session, row, await registry.read(row), [one for one in checks if one.created_at > begun]
    )
    fresh = [one for one in checks if one.form_check_id in said.keys() & champion.keys()]
    await _note(session, row, fresh, said, use)
    numbers = compared(fresh, champion, said)
    outcome = "runs"
    if len(fresh) >= use.settings.improve_shadow_checks:
        if numbers["shadow_contradicted"] > numbers["champion_contradicted"] + SHADOW_MARGIN:
            outcome = "refused"
            await registry.move(row, REFUSED, reason="contradicted more often in the shadow", numbers=numbers)
        else:
            outcome = "promoted"
            gain = (await registry.gate_numbers(row)).get("gain")
            await registry.promote(
                row, reason="better on people held out, and no worse in the shadow", numbers={**numbers, "gain": gain}
            )
    return {"version": row.number, "outcome": outcome, **numbers}


def compared(checks: Sequence[ConsentedCheck], champion: Said, shadow: Said) -> dict[str, Any]:
    """Return how often two versions say the same, and how often people contradict each."""
    same = [champion[one.form_check_id].decision == shadow[one.form_check_id].decision for one in checks]
    ours, theirs = contradictions(checks, shadow), contradictions(checks, champion)
    return {
        "sets": len(checks),
        "agreement": sum(same) / len(same) if same else None,
        "answers": len(ours),
        "shadow_contradicted": _share(ours) if ours else 0.0,
        "champion_contradicted": _share(theirs) if theirs else 0.0,
    }
