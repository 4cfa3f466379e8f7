"""A set before the camera of this computer, in the terminal and with the system's voice."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from rich.live import Live
from rich.markup import escape
from rich.text import Text

from topform.core.errors import InvalidInputError
from topform.entrypoints.cli.output import say_dimly, stderr
from topform.kinematics.form_analysis import Exercise, FormAnalysis

if TYPE_CHECKING:
    from topform.coaching.live_voice import Utterance
    from topform.kinematics.pose_sequence import PoseSequence
    from topform.vision.live import Moment

PICTURES_PER_S: Final = 8
"""How often the line in the terminal is drawn."""


class SystemVoice:
    """Speaks through Speech Dispatcher, macOS's `say` or eSpeak, whichever is there; one utterance at a time.

    Parameters
    ----------
    language : str
        BCP 47 tag.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._program = next((found for name in ("spd-say", "say", "espeak-ng") if (found := shutil.which(name))), None)
        self._speaking: subprocess.Popen[bytes] | None = None

    @property
    def is_there(self) -> bool:
        """Tell whether anything can be heard."""
        return self._program is not None

    def speak(self, said: Utterance) -> None:
        """Begin to say something; what is being said is cut off."""
        if self._program is None:
            return
        self.stop()
        # macOS chooses the voice in its settings, the others by language.
        options = {"spd-say": ["-w", "-l", self._language], "espeak-ng": ["-v", self._language]}
        self._speaking = _started([self._program, *options.get(Path(self._program).name, []), said.text])

    def stop(self) -> None:
        """Be silent."""
        if self._program is None or self._speaking is None or self._speaking.poll() is not None:
            return
        if Path(self._program).name == "spd-say":
            # The words are with the speech server, which would finish them.
            _started([self._program, "-S"]).wait()
        self._speaking.terminate()
        self._speaking.wait()

    def finish(self) -> None:
        """Let the last word be heard."""
        if self._speaking is not None:
            self._speaking.wait()


def follow_camera(
    wanted: str,
    *,
    exercise: Exercise | None,
    language: str,
    model: str,
    threads: int,
    sets: int,
    is_spoken: bool,
) -> tuple[FormAnalysis, PoseSequence, dict[str, Any]]:
    """Follow a camera, showing and saying what the coach says; return the result and how the camera was followed."""
    if exercise is Exercise.RUNNING:
        raise InvalidInputError(
            "Running is not followed live", remedy="Film the run from the side and analyse the film."
        )
    from topform.vision.camera import open_camera
    from topform.vision.live import LiveCoach

    voice = SystemVoice(language) if is_spoken else None
    if voice is not None and not voice.is_there:
        say_dimly("Nothing here can speak (spd-say, say or espeak-ng); what is said is only shown")
    camera = open_camera(wanted)
    coach = LiveCoach(variant=model, threads=threads)
    say_dimly(f"Looking at {camera.name}; Ctrl-C ends the set. No picture is kept.")
    with _interrupted() as stop, _shown(voice) as show:
        result, poses, report = coach.follow(
            camera, exercise=exercise, language=language, sets=sets, stop=stop, show=show
        )
    if voice is not None:
        voice.finish()
    return result, poses, report.as_dict()


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    # In a group of its own, Ctrl-C does not cut off the last word.
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@contextmanager
def _interrupted() -> Iterator[Event]:
    """Let the first Ctrl-C end the set; a second one is as everywhere."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _shown(voice: SystemVoice | None) -> Iterator[Any]:
    """Yield what draws a moment: a line that changes in a terminal, and one that stays for everything said."""
    with Live(Text(""), console=stderr, refresh_per_second=PICTURES_PER_S, transient=True) as live:

        def show(moment: Moment) -> None:
            if sys.stderr.isatty():
                live.update(_line(moment))
            if moment.said is None:
                return
            stderr.print(f"[dim]{moment.t_s:6.1f} s[/]  [bold]{escape(moment.said.text)}[/]")
            if voice is not None:
                voice.speak(moment.said)

        yield show


def _line(moment: Moment) -> Text:
    line = Text(f"{'' if moment.count is None else moment.count:>4}  ", style="bold")
    line.append(moment.phase.value, style="cyan")
    if moment.hint is not None:
        line.append(f"  {moment.hint.replace('_', ' ')}", style="yellow")
    if not moment.is_seen:
        line.append("  nobody is seen", style="dim")
    return line
