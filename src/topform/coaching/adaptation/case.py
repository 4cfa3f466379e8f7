"""One plan on one morning: what stands, what was lived, and what the checker says of a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from topform.coaching.adaptation import edits
from topform.coaching.adaptation.diff import compare, effect
from topform.coaching.adaptation.model import Document, Life, Proposal
from topform.coaching.adaptation.recount import recounted
from topform.coaching.adaptation.replan import continued, made_after, with_lived
from topform.coaching.checker import check
from topform.coaching.reasons import reason_text
from topform.coaching.request import PlanRequest

_DRIFT_AU: Final = 5.0


class Case:
    """One plan on one morning."""

    def __init__(self, raw: Mapping[str, Any], document: Document, life: Life) -> None:
        self.raw = dict(raw)
        self.document = document
        self.life = life
        self.today = life.today
        self.request = PlanRequest.from_dict(self.raw)
        self.base = recounted(with_lived(document, life.lived, life.today), self.request)

    def open_sessions(self, n_days: int) -> Iterator[tuple[date, Document]]:
        """Yield the sessions of the next days, today first; the race is not one of them."""
        until = self.today + timedelta(days=n_days)
        for day in self.document["days"]:
            when = date.fromisoformat(day["date"])
            if self.today <= when < until:
                yield from ((when, session) for session in day["sessions"] if session["kind"] != "race")

    def clears(self, n_days: int) -> bool:
        """Return whether resting for so many days takes anything away; the race that the plan leads to stays."""
        until = self.today + timedelta(days=n_days)
        ahead = ((date.fromisoformat(day["date"]), day["sessions"]) for day in self.document["days"])
        return any(
            not self.is_goal(when, session)
            for when, sessions in ahead
            if self.today <= when < until
            for session in sessions
        )

    def is_goal(self, when: date, session: Document) -> bool:
        """Return whether a session is the race that the plan leads to; one on the way can fall out."""
        return session["kind"] == "race" and when == self.request.race_day

    @property
    def made_on(self) -> date:
        """The first day on which the plan could be followed."""
        return date.fromisoformat(self.document.get("made_on") or self.document["days"][0]["date"])

    @property
    def is_ill(self) -> bool:
        """Whether symptoms last, or were still there yesterday."""
        return self.life.illness is not None and self.life.illness.lasts_on(self.today)

    @property
    def drift(self) -> tuple[float, float] | None:
        """Yesterday's fitness as planned and as it is; None where they are near each other."""
        yesterday = (self.today - timedelta(days=1)).isoformat()
        planned = next((day["ctl"] for day in self.document["days"] if day["date"] == yesterday), None)
        actual = next((day["ctl"] for day in self.base["days"] if day["date"] == yesterday), None)
        if planned is None or actual is None or abs(actual - planned) <= _DRIFT_AU:
            return None
        return planned, actual

    def days_from(self, first: date, count: int) -> frozenset[date]:
        """Return so many days from one on."""
        return frozenset(first + timedelta(days=offset) for offset in range(count))

    def broken(self, document: Document) -> list[dict[str, str]]:
        """Return the rules that a document breaks from today on."""
        return [item for item in check(document, self.request, since=self.today) if item["status"] == "fail"]

    def is_sound(self, document: Document, raw: Mapping[str, Any] | None = None) -> bool:
        """Return whether a document keeps every rule from today on, rest for health included."""
        request = self.request if raw is None else PlanRequest.from_dict(raw)
        return all(item["status"] != "fail" for item in self._checked(document, request))

    def _checked(self, document: Document, request: PlanRequest) -> list[dict[str, str]]:
        return check(document, request, since=self.today, locked=self.life.locked)

    def edited(self, change: Callable[[date, Document], Document | None]) -> Document:
        """Return the plan with open sessions changed, lived days as they were lived."""
        return edits.replaced(
            self.base, self.request, lambda when, session: session if when < self.today else change(when, session)
        )

    def sound_from(self, document: Document) -> Document | None:
        """Return the plan with today as edited and the days after it chosen again where they must; None if unsafe."""
        if self.is_sound(document):
            return document
        tomorrow = self.today + timedelta(days=1)
        today_done = {self.today: tuple(self._sessions_on(document, self.today))}
        rest = continued(self.raw, document, today=tomorrow, lived={**self.life.lived, **today_done})
        return rest if self.is_sound(rest) else None

    @staticmethod
    def _sessions_on(document: Document, when: date) -> list[Document]:
        return next((day["sessions"] for day in document["days"] if day["date"] == when.isoformat()), [])

    def again(self, raw: Mapping[str, Any] | None = None, **changes: Any) -> Document:
        """Return the plan with everything from today on chosen again."""
        return continued(raw or self.raw, self.document, today=self.today, lived=self.life.lived, **changes)

    def proposal(
        self,
        code: str,
        document: Document,
        *,
        raw: Mapping[str, Any] | None = None,
        is_lock: bool = False,
        **params: Any,
    ) -> Proposal | None:
        """Return the proposal with its check, difference and effect; None when nothing would change."""
        new_raw = dict(raw or self.raw)
        new_request = PlanRequest.from_dict(new_raw)
        document["checks"] = self._checked(document, new_request)
        diff = compare(self.base, document, since=self.today)
        if not diff and not is_lock:
            return None
        return Proposal(
            code=code,
            params=params,
            reason=reason_text(code, params),
            request=new_raw,
            document=document,
            diff=diff,
            effect=effect((self.base, self.request), (document, new_request), since=self.today),
            is_lock=is_lock,
        )


def begun(
    request: Mapping[str, Any],
    document: Document,
    lived: Mapping[date, tuple[Document, ...]],
    *,
    today: date,
    made_on: date,
) -> Document:
    """Return a new plan that began before today as what was trained since then lets it go on.

    Parameters
    ----------
    request : mapping
        Request of the plan.
    document : dict
        The plan as it was just made, as if every day of it lay ahead.
    lived : mapping of date to tuple of dict
        What was trained on its days before today.
    today : date
        First day that is still to come.
    made_on : date
        The day on which it is made; nobody missed what was over by then.

    Returns
    -------
    dict
        The plan as it was made where what was trained breaks no rule from today on and leaves fitness near the plan's;
        else with the days from today on chosen again and the days before as they were lived.
    """
    case = Case(request, made_after(document, made_on), Life(today=today, lived=lived))
    is_over = today > case.request.end
    return case.document if is_over or not (case.broken(case.base) or case.drift) else case.again()
