"""BlazePose on LiteRT: person detector, region of interest, landmarks, tracking.

The weights are those of MediaPipe Pose; the pipeline around them is ours and follows the published graph
(V. Bazarevsky et al., "BlazePose: On-device real-time body pose tracking," 2020, arXiv:2006.10204).
"""
