"""What the rest of TopForm expects of whoever analyses a video."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from topform.kinematics.form_analysis import FormAnalysis
from topform.kinematics.learned_form import PromotedModel
from topform.kinematics.pose_sequence import PoseSequence

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

    def analyze_with_poses(
        self,
        video: Path,
        *,
        exercise: str,
        annotate_to: Path | None,
        poses_to: Path | None,
        progress: Progress | None,
        form_model: PromotedModel | None = None,
    ) -> tuple[FormAnalysis, PoseSequence]:
        """Analyse one video and return the poses too.

        `poses_to` is where to write them as `.npz`, if anywhere; `form_model` takes the place of the shipped one.
        """
        ...

    def write_still(self, video: Path, *, at_s: float, to: Path) -> None:
        """Write what a video shows at a moment as a JPEG without metadata.

        Raises
        ------
        VideoError
            If the video cannot be read.
        """
        ...
