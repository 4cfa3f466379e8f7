"""A plan as tables for the terminal, in the language of its texts."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from topform.coaching.language import sentence
from topform.coaching.request import WEEKDAYS
from topform.entrypoints.cli.output import stdout

_STYLE_BY_KIND = {
    "long": "blue",
    "tempo": "yellow",
    "threshold": "dark_orange3",
    "vo2": "red",
    "speed": "red",
    "test": "magenta",
    "race": "bold magenta",
    "strength": "cyan",
    "opener": "yellow",
}
_STATUS_STYLE = {"pass": "green", "warn": "yellow", "fail": "bold red"}


def show(document: dict[str, Any], files: dict[str, Any], *, language: str = "en") -> None:
    """Print the weeks, the outlook, what had to give and the outcome of the check.

    Parameters
    ----------
    document : dict
        A plan, its texts in the language.
    files : dict
        What was written, by format.
    language : str
        A BCP 47 tag; of the headings and words around the plan's own texts.
    """

    def said(code: str, **params: Any) -> str:
        return escape(sentence(f"table.{code}", params, language))

    for warning in document["warnings"]:
        _sentence(f"[bold red]{said('warning')}[/] {escape(warning['message'])}")
    _sentence(f"[bold]{escape(document['summary'])}[/]")
    names = {phase["name"]: sentence(f"phase.{phase['name']}", {}, language) for phase in document["phases"]}
    width = max(9, *(cell_len(name) for name in names.values()))
    for phase in document["phases"]:
        name = names[phase["name"]]
        padding = " " * (width - cell_len(name))
        stdout.print(f"  {name}{padding} {_span(phase['start'], phase['end'], language)}  [dim]{phase['focus']}[/]")
    days = document["days"]
    sports = {session["sport"] for day in days for session in day["sessions"]}
    for number, week in enumerate(document["forecast"]["weeks"]):
        stdout.print()
        inside = days[7 * number : 7 * number + 7]
        stdout.print(_week(week, inside, names_sports=len(sports) > 1, language=language))
    _show_outlook(document, language)
    for text in document["assumptions"]:
        _sentence(f"[yellow]{said('assumed')}[/] {escape(text)}")
    for item in document["relaxed"]:
        what = sentence(f"relaxed.{item['rule']}", {}, language)
        if item["weeks"]:
            what = said("gave_way_in_weeks", rule=item["rule"], weeks=", ".join(map(str, item["weeks"])))
        _sentence(f"[yellow]{said('gave_way')}[/] {what}: {item['detail']}")
    _show_checks(document["checks"], language)
    for kind, written in files.items():
        stdout.print(f"[green]{said('wrote')}[/] {kind}: {written['written']}")
        for reason in written.get("left_out", []):
            stdout.print(f"  [dim]{reason}[/]")


def _week(week: dict[str, Any], days: list[dict[str, Any]], *, names_sports: bool, language: str) -> Table:
    """Return a week as a table; where a plan trains more than one sport, each session says which."""
    about = {"week": week["week"], "phase": week["phase"], "duration": _duration(week["minutes"], language)}
    title = sentence("table.easier_week" if week["easier"] else "table.week", {**about, "load": week["load"]}, language)
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    heads = {
        name: sentence(f"table.{name}", {}, language) for name in ("day", "sport", "session", "min", "load", "form")
    }
    table.add_column(heads["day"], no_wrap=True)
    if names_sports:
        table.add_column(heads["sport"], no_wrap=True)
    table.add_column(heads["session"], min_width=34)
    for name in ("min", "load", "form"):
        table.add_column(heads[name], justify="right")
    for day in days:
        when = date.fromisoformat(day["date"])
        place = {"weekday": WEEKDAYS[when.weekday()], "day": when.day, "month": when.month}
        date_text = Text(sentence("table.date", place, language))
        if not day["sessions"]:
            blank = [""] if names_sports else []
            rest = Text(sentence("table.rest", {}, language), style="dim")
            table.add_row(date_text, *blank, rest, "", "", _form(day), style="dim")
        for index, session in enumerate(day["sessions"]):
            title_text = Text(_title(session, language), style=_STYLE_BY_KIND.get(session["kind"], ""))
            form = _form(day) if index == 0 else ""
            sport = [sentence(f"sport.{session['sport']}", {}, language)] if names_sports else []
            first = date_text if index == 0 else ""
            table.add_row(first, *sport, title_text, str(session["minutes"]), f"{session['load']:.0f}", form)
    return table


def _show_outlook(document: dict[str, Any], language: str) -> None:
    forecast = document["forecast"]
    start, end = forecast["start"], forecast["end"]

    def said(code: str, **params: Any) -> str:
        return escape(sentence(f"table.{code}", params, language))

    stdout.print()
    stdout.print(said("fitness", start=start["ctl"], end=end["ctl"], highest=forecast["peak_ctl"], form=end["tsb"]))
    if "race" in forecast:
        race = forecast["race"]
        duration = _duration(race["minutes"], language)
        stdout.print(said("race", duration=duration, form=race["tsb_on_the_morning"]))
        _sentence(f"  [dim]{race['basis']}[/]")
    if "threshold" in forecast:
        threshold = forecast["threshold"]
        if threshold["usual_pct"] is None:
            _sentence(said("threshold", note=threshold["note"]))
        else:
            low, high = threshold["usual_pct"]
            _sentence(said("threshold_usually", low=low, high=high, note=threshold["note"]))
    if "strength" in forecast:
        low, high = forecast["strength"]["usual_after_plan"]
        _sentence(said("best_set", low=low, high=high, note=forecast["strength"]["note"]))
    _sentence(f"[dim]{forecast['note']}[/]")


def _show_checks(checks: list[dict[str, str]], language: str) -> None:
    stdout.print()
    kept = sum(item["status"] == "pass" for item in checks)
    stdout.print(f"[green]{sentence('table.rules_hold', {'kept': kept, 'count': len(checks)}, language)}[/]")
    for status, items in groupby(sorted(checks, key=lambda item: item["status"]), key=lambda item: item["status"]):
        if status != "pass":
            for item in items:
                word = sentence(f"status.{status}", {}, language)
                name = sentence(f"check_name.{item['rule']}", {}, language)
                _sentence(f"  [{_STATUS_STYLE[status]}]{word}[/] {name}: {escape(item['detail'])}")


def _sentence(markup: str) -> None:
    """Print wrapped between words at the width of the terminal; as one line into a file or another program."""
    stdout.print(markup, soft_wrap=not stdout.is_terminal)


def _duration(minutes: int, language: str) -> str:
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return sentence("duration.minutes", {"minutes": rest}, language)
    return sentence("duration.hours", {"hours": hours, "minutes": f"{rest:02d}"}, language)


def _title(session: dict[str, Any], language: str) -> str:
    """Return the title with what to do: sets and repetitions, or the pace, power or heart rate of a single step."""
    detail = _sets(session["steps"], language) or _steady_target(session["steps"])
    if not detail:
        return str(session["title"])
    return sentence("table.with_detail", {"title": session["title"], "detail": detail}, language)


def _sets(steps: list[dict[str, Any]], language: str) -> str:
    """Return such as ``2 x 8, 2 x 7 push-ups``; whole texts where a language has the number of a set elsewhere."""
    sets = [_count_and_words(inner) for step in steps for inner in _flat(step) if inner.get("reps")]
    parts, comma = [], sentence("list.comma", {}, language)
    for words, same_words in groupby(sets, key=lambda item: item[1]):
        counted = [(len(list(same)), reps) for reps, same in groupby(item[0] for item in same_words)]
        if counted == [(1, "")]:
            parts.append(words)
        else:
            counts = comma.join(f"{times} x {reps}".rstrip() for times, reps in counted)
            parts.append(f"{counts} {words}".rstrip())
    return comma.join(parts)


def _count_and_words(step: dict[str, Any]) -> tuple[str, str]:
    """Split the text of a set that begins with its number; no number and the whole text where it does not."""
    count, _, words = step["text"].partition(" ")
    return (count, words) if count == str(step["reps"]) else ("", step["text"])


def _flat(step: dict[str, Any]) -> list[dict[str, Any]]:
    if "steps" not in step:
        return [step]
    return [inner for _ in range(step["count"]) for each in step["steps"] for inner in _flat(each)]


def _steady_target(steps: list[dict[str, Any]]) -> str:
    if len(steps) != 1:
        return ""
    step = steps[0]
    if "pace" in step:
        return str(step["pace"])
    unit = {"power_w": "W", "hr_bpm": "bpm"}.get(step.get("target", ""))
    return f"{step['low']:.0f}-{step['high']:.0f} {unit}" if unit else ""


def _form(day: dict[str, Any]) -> str:
    return f"{round(day['tsb']):+d}" if round(day["tsb"]) else "0"


def _span(first: str, last: str, language: str) -> str:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    about = {"day": start.day, "month": start.month, "year": str(end.year)}
    if start == end:
        return sentence("table.one_day", about, language)
    return sentence("table.span", {**about, "end_day": end.day, "end_month": end.month}, language)
