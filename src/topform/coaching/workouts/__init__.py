"""The workout library: structured sessions with purpose and source, and the load each is expected to cost."""
