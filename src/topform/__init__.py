"""TopForm: an open-source, self-hostable AI sports performance coach."""

from importlib.metadata import version

__version__ = version("topform")
