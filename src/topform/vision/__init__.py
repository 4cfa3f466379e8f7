"""Video to pose sequences: decoding, pose model runtime, tracking, annotation."""
