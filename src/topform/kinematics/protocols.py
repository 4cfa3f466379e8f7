"""What the rest of TopForm expects of whoever analyses a video."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from topform.kinematics.form_analysis import FormAnalysis

Progress = Callable[[float, str], None]
"""Called with the share done (0..1) and the stage."""


class VideoAnalyzer(Protocol):
    """Anything that can check the form shown in a video file."""

    def analyze(
        self, video: Path, *, exercise: str, annotate_to: Path | None, progress: Progress | None
    ) -> FormAnalysis:
        """Analyse one video.

        Parameters
        ----------
        video : Path
            A local file; untrusted.
        exercise : str
            ``"auto"`` or a name of `Exercise`.
        annotate_to : Path or None
            Where to write the annotated video, if anywhere.
        progress : callable or None
            Told about progress.

        Raises
        ------
        VideoError
            If the video cannot be analysed.
        ModelUnavailableError
            If the pose model is not installed.
        """
        ...
