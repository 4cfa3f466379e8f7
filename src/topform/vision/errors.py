"""What can be wrong with a video, as facts a person can act on."""

from __future__ import annotations

from topform.core.errors import VideoError


class EmptyVideoError(VideoError):
    """The file holds no bytes."""

    code = "video_empty"


class NotAVideoError(VideoError):
    """The content is no container that can hold a video."""

    code = "not_a_video"


class NoPictureError(VideoError):
    """The file is sound but holds no moving picture, for example sound only."""

    code = "no_video_stream"


class DamagedVideoError(VideoError):
    """Not one frame could be decoded."""

    code = "video_damaged"


class FrameTooLargeError(VideoError):
    """The picture has more pixels than any camera records."""

    code = "video_frame_too_large"


class VideoTooLongError(VideoError):
    """The video lasts longer than the limit."""

    code = "video_too_long"


class DecoderStoppedError(VideoError):
    """The process that decodes was stopped: the file asks for more memory or time than is allowed, or breaks it."""

    code = "video_decoder_stopped"


class UnsupportedVideoError(VideoError):
    """The codec is unknown to this installation."""

    code = "video_codec_unsupported"


class CameraError(VideoError):
    """A camera gives no pictures."""

    code = "camera_unusable"


class CameraMissingError(CameraError):
    """There is no camera of that number."""

    code = "camera_missing"


class CameraBusyError(CameraError):
    """Another program has the camera."""

    code = "camera_busy"


class CameraNotAllowedError(CameraError):
    """The user may not open the camera."""

    code = "camera_not_allowed"


class CameraLostError(CameraError):
    """The camera was there and gives no more pictures."""

    code = "camera_lost"
