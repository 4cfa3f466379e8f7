"""``topform inspect FILE``: decode and analyse one activity file without storing it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer

from topform.core.activity import Recording
from topform.core.arrays import require_range
from topform.core.errors import ActivityFileError
from topform.entrypoints.cli.mapping_input import read_mapping_document
from topform.entrypoints.cli.output import JsonOption, explained, print_json
from topform.formats import decode
from topform.formats.decoding import MAX_UNPACKED_BYTES
from topform.formats.errors import ActivityTooLargeError
from topform.formats.text.mapping import TableMapping
from topform.science.athlete import RUN_POWER_RANGE_W, AthleteParameters
from topform.science.leg_analysis import LegAnalysis, analyse_leg

app = typer.Typer(add_completion=False)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="FIT, TCX, GPX, KML, HRM or a table.", show_default=False)],
    as_json: JsonOption = False,
    ftp_w: Annotated[float | None, typer.Option(help="Cycling threshold power in watts.")] = None,
    hr_rest_bpm: Annotated[float | None, typer.Option(help="Resting heart rate.")] = None,
    hr_max_bpm: Annotated[float | None, typer.Option(help="Maximal heart rate.")] = None,
    lthr_bpm: Annotated[float | None, typer.Option(help="Heart rate at threshold.")] = None,
    sex: Annotated[str | None, typer.Option(help="m or f; chooses published coefficients.", metavar="m|f")] = None,
    mass_kg: Annotated[float | None, typer.Option(help="Body mass in kilograms.")] = None,
    threshold_speed_m_s: Annotated[float | None, typer.Option(help="Running threshold speed in m/s.")] = None,
    css_m_s: Annotated[float | None, typer.Option(help="Critical swim speed in m/s.")] = None,
    cp_w: Annotated[float | None, typer.Option(help="Critical power on the bike in watts.")] = None,
    w_prime_j: Annotated[float | None, typer.Option(help="W', the work above critical power, in joules.")] = None,
    run_power_w: Annotated[
        float | None, typer.Option(help="Running threshold power of the source that the file holds, in watts.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="JSON that says what the columns of a table hold.", metavar="MAPPING.json")
    ] = None,
) -> None:
    """Decode and analyse one activity file without storing it.

    A metric that needs a number you did not give has no value and says so; nothing is guessed.
    """
    with explained(as_json=as_json, file=file):
        if sex not in ("m", "f", None):
            raise typer.BadParameter(f"{sex!r} is neither m nor f", param_hint="--sex")
        if run_power_w is not None:
            low, high = RUN_POWER_RANGE_W
            require_range("run_power_w", run_power_w, low=low, high=high)
        athlete = AthleteParameters(
            sex="m" if sex == "m" else "f" if sex == "f" else None,
            mass_kg=mass_kg,
            hr_rest_bpm=hr_rest_bpm,
            hr_max_bpm=hr_max_bpm,
            lthr_bpm=lthr_bpm,
            ftp_w=ftp_w,
            threshold_speed_m_s=threshold_speed_m_s,
            css_m_s=css_m_s,
            cp_w=cp_w,
            w_prime_j=w_prime_j,
            run_power_watch_w=run_power_w,
            run_power_foot_pod_w=run_power_w,
            run_power_app_w=run_power_w,
        )
        columns = None if mapping is None else TableMapping.from_document(read_mapping_document(mapping))
        try:
            content = read_file(file)
            recording = decode(content, file=str(file), mapping=columns)
        except ActivityFileError as refusal:
            from topform.entrypoints.cli.other_files import better_refusal

            raise better_refusal(file, refusal) from refusal
        analyses = [analyse_leg(leg, athlete) for leg in recording.legs]
        if as_json:
            print_json(document(file, content, recording, analyses))
        else:
            from topform.entrypoints.cli.activity_view import show

            show(file, recording, analyses)


def read_file(file: Path) -> bytes:
    """Return the bytes of an activity file.

    Raises
    ------
    ActivityFileError
        If it cannot be read or is larger than any activity.
    """
    if file.is_dir():
        raise ActivityFileError(
            "this is a folder", file=str(file), remedy="Name one file in it; topform import takes whole folders."
        )
    try:
        if file.is_file() and file.stat().st_size > MAX_UNPACKED_BYTES:
            raise ActivityTooLargeError(
                f"the file holds {file.stat().st_size / 2**20:.0f} MiB, more than an activity can", file=str(file)
            )
        return file.read_bytes()
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise ActivityFileError(
            f"the file cannot be read: {reason.lower()}", file=str(file), remedy="Check the path and the permissions."
        ) from failure


def document(file: Path, content: bytes, recording: Recording, analyses: list[LegAnalysis]) -> dict[str, Any]:
    """Return the answer of ``--json``."""
    return {
        "file": str(file),
        "format": recording.format,
        "sha256": hashlib.sha256(content).hexdigest(),
        "title": recording.title,
        "legs": [analysis.as_dict() for analysis in analyses],
        "device": dict(recording.device),
        "warnings": [warning.as_dict() for warning in recording.warnings],
        "salvaged": recording.salvaged,
    }
