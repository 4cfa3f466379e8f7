"""Run the command line with ``python -m topform``."""

from topform.entrypoints.cli import main

if __name__ == "__main__":
    main()
