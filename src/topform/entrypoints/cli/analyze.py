"""``topform analyze``: repetitions, form and faults of a video, a poses file, or a set before the camera."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from topform.coaching.filmed_set import performed_set
from topform.coaching.form_feedback import feedback_for, recommendations_for
from topform.coaching.language import LANGUAGES
from topform.core.errors import InvalidInputError
from topform.entrypoints.cli.live import follow_camera
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout, without_native_notes
from topform.kinematics.form_analysis import Decision, Exercise, FormAnalysis, FormDecision, Repetition
from topform.kinematics.pose_sequence import PoseSequence
from topform.science.set_load import SetDetails, SetLoad, set_load

app = typer.Typer(add_completion=False)


@app.command()
def analyze(
    source: Annotated[
        Path | None, typer.Argument(metavar="VIDEO_OR_POSES", help="A video file, or poses as .npz.")
    ] = None,
    camera: Annotated[
        str | None,
        typer.Option(metavar="N", help="Follow a camera of this computer by number; a film plays it in its own time."),
    ] = None,
    sets: Annotated[
        int, typer.Option(min=0, max=100, help="Sets before the camera after which it is over; 0 = at Ctrl-C.")
    ] = 1,
    voice: Annotated[
        bool, typer.Option("--voice", help="Speak count and corrections before the camera, where the system can.")
    ] = False,
    exercise: Annotated[
        str,
        typer.Option(
            help="auto, or push_up, squat, lunge, pull_up, sit_up, plank, jumping_jack, overhead_press, running."
        ),
    ] = "auto",
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
    mass_kg: Annotated[
        float | None, typer.Option(min=20, max=400, help="Your weight, for the volume of the set.")
    ] = None,
    external_kg: Annotated[
        float | None, typer.Option(min=0, max=600, help="Weight you lifted beside your body.")
    ] = None,
    rir: Annotated[int | None, typer.Option(min=0, max=30, help="Repetitions that were left.")] = None,
    rpe: Annotated[float | None, typer.Option(min=0, max=10, help="How hard the set was; gives its load.")] = None,
    threads: Annotated[int, typer.Option(min=0, max=32, help="Threads; 0 = as many as help.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Count repetitions and check the form."""
    if (source is None) == (camera is None):
        raise typer.BadParameter("say either a video or poses file, or --camera")
    details = SetDetails(external_kg=external_kg, rir=rir, rpe_cr10=rpe)
    with explained(as_json=as_json, file=source):
        details.require_agreement()
        if language.partition("-")[0].lower() not in LANGUAGES:
            raise InvalidInputError(
                f"There is no feedback in {language!r}", remedy=f"Choose one of {', '.join(LANGUAGES)}."
            )
        _check_targets(source, camera, annotate, save_poses, reference, reference_image)
        _silence_models()
        threads = threads or min(4, _processors())
        followed: dict[str, Any] = {}
        if camera is not None:
            result, poses, followed = follow_camera(
                camera,
                exercise=_exercise(exercise),
                language=language,
                model=model,
                threads=threads,
                sets=sets,
                is_spoken=voice,
            )
            _save(poses, save_poses)
        elif source is not None and _holds_poses(source):
            result, poses = _of_poses(source, exercise)
        else:
            assert source is not None
            result, poses = _of_video(source, exercise, annotate=annotate, model=model, threads=threads, quiet=as_json)
            _save(poses, save_poses)
        if reference is not None:
            result = _compared(result, poses, reference, reference_image)
    result = replace(
        result,
        feedback=feedback_for(result, language=language),
        recommendations=recommendations_for(result, language=language),
    )
    load = _set_load(result, details, mass_kg)
    if as_json:
        document = result.as_dict() | ({} if load is None else {"set_load": load.as_dict()})
        print_json(document | ({"camera": followed} if followed else {}))
        return
    _show(result)
    _show_load(load)
    if followed:
        _show_camera(followed)
    for target in (annotate, save_poses, reference_image):
        if target is not None:
            stdout.print(f"written {escape(str(target))}")


def _check_targets(
    source: Path | None,
    camera: str | None,
    annotate: Path | None,
    save_poses: Path | None,
    reference: str | None,
    reference_image: Path | None,
) -> None:
    """Refuse what does not go together before anything is looked at."""
    if camera is not None and annotate is not None:
        raise InvalidInputError(
            "No picture of a camera is kept, so there is none to annotate",
            remedy="Film the set and analyse the film for --annotate; --save-poses keeps where the joints were.",
        )
    if source is not None and _holds_poses(source) and (annotate is not None or save_poses is not None):
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


def _holds_poses(source: Path) -> bool:
    return source.suffix.lower() == ".npz"


def _set_load(result: FormAnalysis, details: SetDetails, mass_kg: float | None) -> SetLoad | None:
    performed = performed_set(result.as_dict())
    return None if performed is None else set_load(performed, details, body_mass_kg=mass_kg)


def _show_camera(followed: dict[str, Any]) -> None:
    lag = followed["cue_lag_ms"]
    late = "" if lag is None else f"; spoken within {lag['p95']:.0f} ms (95 %)"
    stdout.print(f"[dim]camera: {followed['frames']} pictures, {followed['dropped']} passed over{late}[/]")


def _show_load(load: SetLoad | None) -> None:
    if load is None:
        return
    parts = []
    if load.volume_load_kg is not None:
        parts.append(f"volume {load.volume_load_kg:.0f} kg")
    if load.hard_sets is not None:
        parts.append(f"hard sets {load.hard_sets:g}")
    if load.velocity_loss_frac is not None:
        change = "slower" if load.velocity_loss_frac >= 0 else "faster"
        parts.append(f"last repetition {abs(load.velocity_loss_frac):.0%} {change} than the best of the first three")
    if load.load_au is not None:
        parts.append(f"load {load.load_au:.2f}")
    if parts:
        stdout.print(f"as training: {', '.join(parts)}")


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
    model: str,
    threads: int,
    quiet: bool,
) -> tuple[FormAnalysis, PoseSequence]:
    from topform.vision.analysis import VideoAnalysis

    analysis = VideoAnalysis(variant=model, threads=threads)
    with _progress_bar(disable=quiet) as bar:
        task = bar.add_task("reading", total=1.0)

        def progress(done: float, stage: str) -> None:
            bar.update(task, completed=done, description=stage)

        return analysis.analyze_with_poses(source, exercise=exercise, annotate_to=annotate, progress=progress)


def _silence_models() -> None:
    """Load the smallest model while nobody listens: LiteRT tells once in a process how it computes."""
    from topform.vision.form_model import FormModels

    with without_native_notes():
        FormModels()


def _exercise(name: str) -> Exercise | None:
    from topform.vision.analysis import exercise_named

    return exercise_named(name)


def _save(poses: PoseSequence, target: Path | None) -> None:
    from topform.vision.poses_file import write_poses

    if target is not None:
        write_poses(target, poses)


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
    if result.gait is not None:
        count = f"[bold]{result.gait.step_rate_spm:.0f}[/] steps a minute"
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
        stdout.print(f"form [bold]{result.form.decision.value}[/]{_likelihood(result)}")
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


def _likelihood(result: FormAnalysis) -> str:
    probability = result.form.probability_faulty
    if probability is None:
        return ""
    # Only the push-up's was held against what people said of sets.
    doubt = "" if result.exercise is Exercise.PUSH_UP else ", not calibrated"
    if result.form.decision is FormDecision.CORRECT:
        return f" [dim](estimate that it is right: {1 - probability:.0%}{doubt})[/]"
    return f" [dim](estimate that it is faulty: {probability:.0%}{doubt})[/]"


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
