"""``topform analyze``: repetitions, form and faults of a video or a poses file."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from topform.coaching.form_feedback import LANGUAGES, feedback_for, recommendations_for
from topform.core.errors import InvalidInputError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.kinematics.form_analysis import Decision, FormAnalysis, Repetition
from topform.kinematics.pose_sequence import PoseSequence

app = typer.Typer(add_completion=False)


@app.command()
def analyze(
    source: Annotated[Path, typer.Argument(metavar="VIDEO_OR_POSES", help="A video file, or poses as .npz.")],
    exercise: Annotated[str, typer.Option(help="auto, or push_up, squat, lunge, pull_up, sit_up, plank.")] = "auto",
    annotate: Annotated[
        Path | None, typer.Option(metavar="OUT.mp4", help="Write the video with skeleton, counter and cue.")
    ] = None,
    save_poses: Annotated[Path | None, typer.Option(metavar="OUT.npz", help="Write the poses found.")] = None,
    reference: Annotated[
        str | None,
        typer.Option(metavar="REF.npz", help="Compare with poses; or with `standard`, or with `best`: your best here."),
    ] = None,
    reference_image: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Write where and when the set deviates; needs --reference.")
    ] = None,
    model: Annotated[str, typer.Option(help="Size of the pose model: lite, full or heavy.")] = "full",
    language: Annotated[str, typer.Option(help="Of the feedback: en, de, es, fr or zh.")] = "en",
    threads: Annotated[int, typer.Option(min=0, max=32, help="Threads; 0 = as many as help.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Count repetitions and check the form."""
    with explained(as_json=as_json, file=source):
        if language.partition("-")[0].lower() not in LANGUAGES:
            raise InvalidInputError(
                f"There is no feedback in {language!r}", remedy=f"Choose one of {', '.join(LANGUAGES)}."
            )
        is_poses = source.suffix.lower() == ".npz"
        if is_poses and (annotate is not None or save_poses is not None):
            raise InvalidInputError(
                "A poses file has no picture to annotate and its poses are saved already",
                remedy="Give the video for --annotate and --save-poses.",
            )
        if reference_image is not None and reference is None:
            raise InvalidInputError(
                "There is no reference to draw", remedy="Say --reference standard, best or the poses of a recording."
            )
        for target in (annotate, save_poses, reference_image):
            if target is not None and not target.absolute().parent.is_dir():
                raise InvalidInputError(
                    f"The folder of {target} does not exist", remedy="Create it, or choose another place."
                )
        result, poses = (
            _of_poses(source, exercise)
            if is_poses
            else _of_video(
                source,
                exercise,
                annotate=annotate,
                save_poses=save_poses,
                model=model,
                threads=threads,
                quiet=as_json,
            )
        )
        if reference is not None:
            result = _compared(result, poses, reference, reference_image)
    result = replace(
        result,
        feedback=feedback_for(result, language=language),
        recommendations=recommendations_for(result, language=language),
    )
    if as_json:
        print_json(result.as_dict())
        return
    _show(result)
    for target in (annotate, save_poses, reference_image):
        if target is not None:
            stdout.print(f"written {escape(str(target))}")


def _of_poses(source: Path, exercise: str) -> tuple[FormAnalysis, PoseSequence]:
    from topform.vision.analysis import analyze_poses
    from topform.vision.poses_file import read_poses

    return analyze_poses(source, exercise=exercise), read_poses(source)[0]


def _compared(result: FormAnalysis, poses: PoseSequence, reference: str, image: Path | None) -> FormAnalysis:
    from topform.vision.reference import beside
    from topform.vision.reference_picture import write_picture

    found = beside(result, poses, reference)
    if image is not None:
        write_picture(image, found)
    return found.result


def _of_video(
    source: Path,
    exercise: str,
    *,
    annotate: Path | None,
    save_poses: Path | None,
    model: str,
    threads: int,
    quiet: bool,
) -> tuple[FormAnalysis, PoseSequence]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from topform.vision.analysis import VideoAnalysis
    from topform.vision.poses_file import write_poses

    analysis = VideoAnalysis(variant=model, threads=threads or min(4, _processors()))
    with _progress_bar(disable=quiet) as bar:
        task = bar.add_task("reading", total=1.0)

        def progress(done: float, stage: str) -> None:
            bar.update(task, completed=done, description=stage)

        result, poses = analysis.analyze_with_poses(source, exercise=exercise, annotate_to=annotate, progress=progress)
    if save_poses is not None:
        write_poses(save_poses, poses)
    return result, poses


def _processors() -> int:
    # Only Linux tells which of the machine's processors this process may use.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _progress_bar(*, disable: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
        disable=disable,
    )


def _show(result: FormAnalysis) -> None:
    count = f"[bold]{result.rep_count}[/] repetition{'' if result.rep_count == 1 else 's'}"
    if result.hold is not None:
        count = f"held for [bold]{result.hold.held_s:.0f} s[/]"
    if result.partial_reps:
        count += f" + {len(result.partial_reps)} partial"
    if result.revised_count is not None:
        count += f" (looking back: {result.revised_count}, {result.revision_reason})"
    stdout.print(f"{result.exercise.value.replace('_', ' ')}: {count}, {result.view.name.value.replace('_', ' ')} view")
    if result.reps or result.partial_reps:
        stdout.print(_table(sorted((*result.reps, *result.partial_reps), key=lambda rep: rep.start_s)))
    if result.hold is not None and result.hold.line_deg is not None:
        drift = "" if result.hold.drift_deg is None else f", changed by {result.hold.drift_deg:.0f}°"
        stdout.print(f"line {result.hold.line_deg:+.0f}°{drift}")
    if result.reps or result.partial_reps or result.hold is not None:
        stdout.print(f"form [bold]{result.form.decision.value}[/]{_likelihood(result.form.probability_faulty)}")
    for sentence in result.feedback:
        stdout.print(f"  {escape(sentence)}")
    for item in result.recommendations:
        stdout.print(f"  [dim]drill[/] {escape(item.drill)} [dim]({escape(item.source)})[/]")
    if result.comparison is not None:
        _show_comparison(result.comparison)
    for warning in result.warnings:
        stdout.print(f"[yellow]note[/] {escape(warning.message)}")
    timing = result.timing_s
    stdout.print(
        f"[dim]{result.frames} frames, {result.poses_found} with a body; {timing['total']:.1f} s "
        f"(decoding {timing['decode']:.1f}, pose {timing['pose']:.1f}, analysis {timing['analysis']:.1f})[/]"
    )


def _show_comparison(comparison: dict[str, Any]) -> None:
    stdout.print(
        f"beside {comparison['reference']}: repetitions take {comparison['tempo_ratio']:.2f} of its time, "
        f"distance {comparison['distance']:.2f}"
    )
    for joint in comparison["joints"][:3]:
        parts = ", ".join(f"{part} {value:+.0f}°" for part, value in joint["by_part_deg"].items())
        stdout.print(f"  {joint['joint'].replace('_', ' ')}: {parts}")


def _likelihood(probability: float | None) -> str:
    return "" if probability is None else f" [dim](estimate that it is faulty: {probability:.0%}, not calibrated)[/]"


def _table(reps: list[Repetition]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    joint = next((rep.angle.joint for rep in reps if rep.angle is not None), "elbow")
    has_line = any(rep.body_line_deg is not None for rep in reps)
    for name in ("rep", "time", joint, *(("body line",) if has_line else ()), "tempo", "score", "faults"):
        table.add_column(name, justify="left" if name == "faults" else "right", no_wrap=name != "faults")
    for rep in reps:
        faults = [f.fault.value.replace("_", " ") for f in rep.findings if f.decision is Decision.FAULT]
        close = [f.fault.value.replace("_", " ") for f in rep.findings if f.decision is Decision.BORDERLINE]
        table.add_row(
            str(rep.index) if rep.is_complete else f"({rep.index})",
            f"{rep.start_s:.1f}-{rep.end_s:.1f} s",
            _angles(rep),
            *((("" if rep.body_line_deg is None else f"{rep.body_line_deg:+.0f}°"),) if has_line else ()),
            f"{rep.tempo.eccentric_s:.1f}/{rep.tempo.concentric_s:.1f} s",
            "" if rep.score is None else f"{rep.score:.0f}",
            ", ".join(faults) + (f" [dim](borderline: {', '.join(close)})[/]" if close else ""),
        )
    return table


def _angles(rep: Repetition) -> str:
    if rep.angle is not None:
        return f"{rep.angle.min_deg:.0f}-{rep.angle.max_deg:.0f}°"
    return "" if rep.min_elbow_deg is None else f"{rep.min_elbow_deg:.0f}-{rep.max_elbow_deg:.0f}°"
