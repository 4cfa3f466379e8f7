"""How an analysed activity looks in a terminal, in the units people use."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from topform.core.activity import Channel, Recording, Sport
from topform.core.metric import MetricValue
from topform.core.units import KMH_PER_M_S, M_PER_KM, S_PER_MIN, pace_s_km
from topform.entrypoints.cli.output import stdout
from topform.science.athlete import RUN_POWER, AthleteParameters
from topform.science.leg_analysis import ChannelSummary, LegAnalysis

PACE_SPORTS = frozenset({Sport.RUNNING, Sport.WALKING, Sport.HIKING, Sport.TRANSITION})
M_PER_POOL_PACE = 100.0
MIN_PACE_SPEED_M_S = 0.1
NO_PACE = "–"
OPTION_BY_PARAMETER = {
    parameter.name: "--run-power-w" if parameter.name in RUN_POWER.values() else f"--{parameter.name.replace('_', '-')}"
    for parameter in fields(AthleteParameters)
}

CHANNEL_LABELS = {
    Channel.HR_BPM: ("heart rate", "bpm", 0),
    Channel.POWER_W: ("power", "W", 0),
    Channel.CADENCE_RPM: ("cadence", "rpm", 0),
    Channel.CADENCE_SPM: ("cadence", "steps/min", 0),
    Channel.TEMPERATURE_C: ("temperature", "°C", 1),
    Channel.CORE_TEMPERATURE_C: ("core temperature", "°C", 2),
    Channel.RESPIRATION_RPM: ("breathing", "/min", 1),
    Channel.GROUND_CONTACT_MS: ("ground contact", "ms", 0),
    Channel.VERTICAL_OSCILLATION_M: ("vertical oscillation", "m", 3),
    Channel.STEP_LENGTH_M: ("step length", "m", 2),
    Channel.LEFT_BALANCE_FRAC: ("left share", "", 3),
}
METRIC_LABELS = {
    "weighted_power_w": ("weighted power", 0),
    "weighted_power_ewma_w": ("weighted power, exponential", 0),
    "variability_index": ("variability", 2),
    "intensity_ratio": ("intensity", 2),
    "power_load": ("load from power", 1),
    "work_j": ("work", 0),
    "trimp_banister": ("training impulse, Banister", 1),
    "trimp_edwards": ("training impulse, Edwards", 1),
    "hr_load": ("load from heart rate", 1),
    "hr_load_est": ("load from heart rate, estimated threshold", 1),
    "grade_adjusted_speed_m_s": ("grade-adjusted pace", 0),
    "weighted_speed_m_s": ("weighted pace", 0),
    "run_load": ("load from pace", 1),
    "swim_load": ("load from swim pace", 1),
    "srpe_load": ("load from effort rating", 1),
    "decoupling_pct": ("decoupling of heart rate", 1),
    "effort_threshold_w": ("threshold power, at least", 0),
    "effort_threshold_m_s": ("threshold pace, at least", 0),
    "hr_effort_bpm": ("heart rate of that effort", 0),
    "hr_best_20min_bpm": ("highest heart rate, 20 to 60 min", 0),
    "hr_highest_10s_bpm": ("highest heart rate, 10 s", 0),
    "alpha1_first_bpm": ("aerobic threshold, alpha 1", 0),
    "alpha1_second_bpm": ("anaerobic threshold, alpha 1", 0),
    "w_prime_balance_min_j": ("lowest anaerobic reserve, model", 0),
    "run_index": ("performance index", 1),
    "vo2max_est_ml_kg_min": ("uptake, estimated", 1),
    "rmssd_ms": ("RMSSD", 1),
    "sdnn_ms": ("SDNN", 1),
}
SHOWN_DURATIONS_S = (5, 60, 300, 1200, 3600)


def show(file: Path, recording: Recording, analyses: list[LegAnalysis]) -> None:
    """Print a recording and its analysis."""
    maker, product, software = (recording.device.get(key) for key in ("manufacturer", "product", "software_version"))
    is_named_twice = str(product or "").lower().startswith(str(maker or "").lower())
    device = " ".join(str(word) for word in (None if is_named_twice else maker, product, software) if word is not None)
    stdout.print(f"[bold]{escape(file.name)}[/]  {recording.format.upper()}  [dim]{escape(device)}[/]")
    if recording.title:
        stdout.print(escape(recording.title))
    for warning in recording.warnings:
        place = f" [dim](byte {warning.offset_bytes})[/]" if warning.offset_bytes is not None else ""
        stdout.print(f"[yellow]![/] {escape(warning.message)}{place}")
    if recording.salvaged:
        stdout.print("[yellow]![/] The file is damaged; this is what could be saved.")
    for number, analysis in enumerate(analyses, start=1):
        stdout.print()
        heading = f"Leg {number}: " if len(analyses) > 1 else ""
        _show_leg(heading, analysis)


def _show_leg(heading: str, analysis: LegAnalysis) -> None:
    leg = analysis.leg
    finer = f", {leg.sub_sport.replace('_', ' ')}" if leg.sub_sport and leg.sub_sport != leg.sport.value else ""
    stdout.print(f"[bold cyan]{heading}{leg.sport.value}{escape(finer)}[/]  {_local_start(analysis)}")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column(justify="right")
    table.add_column(style="dim", overflow="fold")
    _add_totals(table, analysis)
    _add_channels(table, analysis)
    _add_metrics(table, analysis)
    stdout.print(table)
    _show_bests(analysis)
    _show_absent(analysis)
    for warning in (*_shared_warnings(analysis), *analysis.warnings):
        stdout.print(f"[yellow]![/] {escape(warning)}")


def _add_totals(table: Table, analysis: LegAnalysis) -> None:
    leg = analysis.leg
    if analysis.distance_m is not None:
        table.add_row("distance", f"{analysis.distance_m / M_PER_KM:.2f} km")
    table.add_row("time", duration(leg.timer_s), "", f"elapsed {duration(leg.elapsed_s)}")
    if abs(analysis.moving_s - leg.timer_s) >= 1:
        table.add_row("moving", duration(analysis.moving_s))
    if analysis.distance_m and analysis.moving_s > 0:
        table.add_row(*speed_row(analysis.distance_m / analysis.moving_s, leg.sport))
    if analysis.ascent_m is not None:
        down = f"{analysis.descent_m:.0f} m down" if analysis.descent_m is not None else ""
        table.add_row("ascent", f"{analysis.ascent_m:.0f} m", "", down)
    counts = {"lap": len(leg.laps), "length": sum(item.is_active for item in leg.lengths)}
    counts |= {"set": sum(item.is_active for item in leg.sets), "beat": 0 if leg.rr is None else len(leg.rr)}
    listed = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items() if count]
    table.add_row("samples", str(len(leg.streams)), "", ", ".join(listed))


def _add_channels(table: Table, analysis: LegAnalysis) -> None:
    for channel, (label, unit, digits) in CHANNEL_LABELS.items():
        summary = analysis.channels.get(channel)
        if summary is not None:
            table.add_row(
                label,
                f"{summary.mean:.{digits}f} {unit}".strip(),
                f"max {summary.max:.{digits}f}",
                _coverage(summary),
            )


def _coverage(summary: ChannelSummary) -> str:
    return f"covers {summary.coverage:.0%}" if summary.coverage < 0.995 else ""


def _shared_warnings(analysis: LegAnalysis) -> list[str]:
    """Return what more than one shown metric says, so that it is said once."""
    said = Counter(text for metric in analysis.metrics.values() if metric.value is not None for text in metric.warnings)
    return [text for text, times in said.items() if times > 1]


def _add_metrics(table: Table, analysis: LegAnalysis) -> None:
    shared = _shared_warnings(analysis)
    for name, metric in analysis.metrics.items():
        label, digits = METRIC_LABELS[name]
        if metric.value is not None:
            own = [text for text in metric.warnings if text not in shared]
            table.add_row(label, _metric(metric, digits), "", escape("; ".join(own)))
    if analysis.load is not None:
        source = analysis.load.source.replace("_", " ")
        table.add_row("[bold]session load[/]", f"[bold]{analysis.load.value_au:.0f}[/]", "", f"from {source}")


def _metric(metric: MetricValue, digits: int) -> str:
    value = metric.value or 0.0
    if metric.unit == "m/s":
        return f"{pace(value)}/km" if value > MIN_PACE_SPEED_M_S else NO_PACE
    if metric.unit == "J":
        return f"{value / 1000:.0f} kJ"
    return f"{value:.{digits}f} {metric.unit.replace('AU', '').replace('1', '')}".strip()


def _show_bests(analysis: LegAnalysis) -> None:
    """Print best efforts on a line each, for the durations people compare."""
    sport = analysis.leg.sport
    power = {seconds: f"{value:.0f} W" for seconds, value in analysis.best_power_w.items()}
    label = "best pace" if sport in PACE_SPORTS or sport is Sport.SWIMMING else "best speed"
    speeds = {
        seconds: speed(value, sport) for seconds, value in analysis.best_speed_m_s.items() if value > MIN_PACE_SPEED_M_S
    }
    for name, bests in (("best power", power), (label, speeds)):
        shown = [f"{duration(seconds)} [bold]{bests[seconds]}[/]" for seconds in SHOWN_DURATIONS_S if seconds in bests]
        if shown:
            stdout.print(f"[dim]{name}[/]  " + "  ".join(shown))


def _show_absent(analysis: LegAnalysis) -> None:
    """Print why metrics have no value, those of one reason together."""
    names_by_reason: dict[str, list[str]] = {}
    for name, metric in analysis.metrics.items():
        if metric.value is None:
            label = METRIC_LABELS[name][0]
            names_by_reason.setdefault(metric.warnings[0] if metric.warnings else "no data", []).append(label)
    for reason, names in names_by_reason.items():
        stdout.print(f"[dim]not computed: {escape(', '.join(names))} ({escape(_with_options(reason))})[/]")


def _with_options(reason: str) -> str:
    """Add the options that give the numbers a reason names.

    Examples
    --------
    >>> _with_options("hr_max_bpm, lthr_bpm not known")
    'hr_max_bpm, lthr_bpm not known; give --hr-max-bpm, --lthr-bpm'
    >>> _with_options("run_power_watch_w is not known")
    'run_power_watch_w is not known; give --run-power-w'
    """
    if not reason.endswith("not known"):
        return reason
    words = re.findall(r"\w+", reason)
    options = [option for name, option in OPTION_BY_PARAMETER.items() if name in words]
    return f"{reason}; give {', '.join(options)}" if options else reason


def _local_start(analysis: LegAnalysis) -> str:
    leg = analysis.leg
    if leg.utc_offset_s is None:
        return f"{leg.started_at:%Y-%m-%d %H:%M:%S} UTC"
    from datetime import timedelta, timezone

    return f"{leg.started_at.astimezone(timezone(timedelta(seconds=leg.utc_offset_s))):%Y-%m-%d %H:%M:%S %z}"


def duration(seconds: float) -> str:
    """Return seconds as h:mm:ss or m:ss.

    Examples
    --------
    >>> duration(3725), duration(59.6)
    ('1:02:05', '1:00')
    """
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes}:{second:02d}"


def pace(speed_m_s: float) -> str:
    """Return a speed as minutes a kilometre.

    Examples
    --------
    >>> pace(4.0)
    '4:10'
    """
    return duration(pace_s_km(speed_m_s))


def speed(speed_m_s: float, sport: Sport) -> str:
    """Return a speed in the unit that people of the sport use."""
    if sport in PACE_SPORTS:
        return f"{pace(speed_m_s)}/km"
    if sport is Sport.SWIMMING:
        return f"{duration(M_PER_POOL_PACE / speed_m_s)}/100 m"
    return f"{speed_m_s * KMH_PER_M_S:.1f} km/h"


def speed_row(speed_m_s: float, sport: Sport) -> tuple[str, str]:
    """Return label and text of a mean speed."""
    is_paced = sport in PACE_SPORTS or sport is Sport.SWIMMING
    if speed_m_s <= MIN_PACE_SPEED_M_S:
        return ("pace", NO_PACE) if is_paced else ("speed", f"{speed_m_s * S_PER_MIN:.1f} m/min")
    if is_paced:
        return "pace", speed(speed_m_s, sport)
    return "speed", speed(speed_m_s, sport)
