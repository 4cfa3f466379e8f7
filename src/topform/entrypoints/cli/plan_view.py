"""A plan as tables for the terminal."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

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


def show(document: dict[str, Any], files: dict[str, Any]) -> None:
    """Print the weeks, the outlook, what had to give and the outcome of the check."""
    for warning in document["warnings"]:
        _sentence(f"[bold red]warning[/] {escape(warning['message'])}")
    _sentence(f"[bold]{escape(document['summary'])}[/]")
    for phase in document["phases"]:
        stdout.print(f"  {phase['name']:<9} {_span(phase['start'], phase['end'])}  [dim]{phase['focus']}[/]")
    days = document["days"]
    sports = {session["sport"] for day in days for session in day["sessions"]}
    for number, week in enumerate(document["forecast"]["weeks"]):
        stdout.print()
        stdout.print(_week(week, days[7 * number : 7 * number + 7], names_sports=len(sports) > 1))
    _show_outlook(document)
    for text in document["assumptions"]:
        _sentence(f"[yellow]assumed[/] {escape(text)}")
    for item in document["relaxed"]:
        weeks = f" (week {', '.join(map(str, item['weeks']))})" if item["weeks"] else ""
        _sentence(f"[yellow]gave way[/] {item['rule'].replace('_', ' ')}{weeks}: {item['detail']}")
    _show_checks(document["checks"])
    for kind, written in files.items():
        stdout.print(f"[green]wrote[/] {kind}: {written['written']}")
        for reason in written.get("left_out", []):
            stdout.print(f"  [dim]{reason}[/]")


def _week(week: dict[str, Any], days: list[dict[str, Any]], *, names_sports: bool) -> Table:
    """Return a week as a table; where a plan trains more than one sport, each session says which."""
    easier = ", easier week" if week["easier"] else ""
    hours, minutes = divmod(week["minutes"], 60)
    title = f"Week {week['week']}, {week['phase']}{easier}: {hours} h {minutes:02d}, load {week['load']:.0f}"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    table.add_column("Day", no_wrap=True)
    if names_sports:
        table.add_column("Sport", no_wrap=True)
    table.add_column("Session", min_width=34)
    table.add_column("Min", justify="right")
    table.add_column("Load", justify="right")
    table.add_column("Form", justify="right")
    for day in days:
        when = date.fromisoformat(day["date"])
        name = Text(f"{when:%a} {when.day} {when:%b}")
        if not day["sessions"]:
            blank = [""] if names_sports else []
            table.add_row(name, *blank, Text("rest", style="dim"), "", "", _form(day), style="dim")
        for index, session in enumerate(day["sessions"]):
            title_text = Text(_title(session), style=_STYLE_BY_KIND.get(session["kind"], ""))
            form = _form(day) if index == 0 else ""
            sport = [str(session["sport"])] if names_sports else []
            first = name if index == 0 else ""
            table.add_row(first, *sport, title_text, str(session["minutes"]), f"{session['load']:.0f}", form)
    return table


def _show_outlook(document: dict[str, Any]) -> None:
    forecast = document["forecast"]
    start, end = forecast["start"], forecast["end"]
    stdout.print()
    stdout.print(
        f"Fitness {start['ctl']:g} to {end['ctl']:g} (highest {forecast['peak_ctl']:g}), form at the end {end['tsb']:g}"
    )
    if "race" in forecast:
        race = forecast["race"]
        hours, minutes = divmod(race["minutes"], 60)
        stdout.print(f"Race: about {hours} h {minutes:02d}, form that morning {race['tsb_on_the_morning']:g}")
        _sentence(f"  [dim]{race['basis']}[/]")
    if "threshold" in forecast:
        threshold = forecast["threshold"]
        usual = ""
        if threshold["usual_pct"] is not None:
            low, high = threshold["usual_pct"]
            usual = f"usually +{low:g} to +{high:g} %; "
        _sentence(f"Threshold: {usual}{threshold['note']}")
    if "strength" in forecast:
        low, high = forecast["strength"]["usual_after_plan"]
        _sentence(f"Best set: usually {low} to {high} after this plan; {forecast['strength']['note']}")
    _sentence(f"[dim]{forecast['note']}[/]")


def _show_checks(checks: list[dict[str, str]]) -> None:
    stdout.print()
    passed = sum(item["status"] == "pass" for item in checks)
    stdout.print(f"[green]{passed} of {len(checks)} rules hold[/]")
    for status, items in groupby(sorted(checks, key=lambda item: item["status"]), key=lambda item: item["status"]):
        if status != "pass":
            for item in items:
                _sentence(f"  [{_STATUS_STYLE[status]}]{status}[/] {item['rule']}: {escape(item['detail'])}")


def _sentence(markup: str) -> None:
    """Print wrapped between words at the width of the terminal; as one line into a file or another program."""
    stdout.print(markup, soft_wrap=not stdout.is_terminal)


def _title(session: dict[str, Any]) -> str:
    """Return the title with what to do: sets and repetitions, or the pace, power or heart rate of a single step."""
    detail = _sets(session["steps"]) or _steady_target(session["steps"])
    return f"{session['title']}, {detail}" if detail else str(session["title"])


def _sets(steps: list[dict[str, Any]]) -> str:
    """Return such as ``2 x 8, 2 x 7 push-ups``; the text of a set is its number and then the exercise in words."""
    sets = [inner["text"].partition(" ") for step in steps for inner in _flat(step) if inner.get("reps")]
    parts = []
    for words, same_words in groupby(sets, key=lambda item: item[2]):
        counts = (f"{len(list(same))} x {reps}" for reps, same in groupby(item[0] for item in same_words))
        parts.append(f"{', '.join(counts)} {words}")
    return ", ".join(parts)


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


def _span(first: str, last: str) -> str:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return f"{start.day} {start:%b} {start.year}" if start == end else f"{start.day} {start:%b} - {end.day} {end:%b %Y}"
