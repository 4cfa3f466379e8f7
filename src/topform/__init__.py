"""TopForm: an open-source, self-hostable AI sports performance coach."""


def __getattr__(name: str) -> str:
    """Return ``__version__``; looking it up takes longer than the rest of a small process."""
    if name == "__version__":
        from importlib.metadata import version

        return version("topform")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
