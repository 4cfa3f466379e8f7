"""The command line: ``topform COMMAND``. One module for each command; a module is imported when its command runs."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from topform.entrypoints.interruption import raise_from_now_on

COMMANDS = {
    "account": "account",
    "analyze": "analyze",
    "backup": "backup",
    "export": "export",
    "form": "form",
    "import": "import_",
    "inspect": "inspect",
    "mcp": "mcp",
    "models": "model_versions",
    "plan": "plan",
    "predict": "predict",
    "recompute": "recompute",
    "restore": "restore",
    "science": "science",
    "serve": "serve",
}


class LazyCommands(TyperGroup):
    """Imports only the module of the command that was asked for, so that the others cost nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the command names in the order shown by --help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's module and return its click command."""
        if cmd_name not in COMMANDS:
            return None
        module: Any = importlib.import_module(f"topform.entrypoints.cli.{COMMANDS[cmd_name]}")
        raise_from_now_on()
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(cls=LazyCommands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from topform import __version__

        typer.echo(f"topform {__version__}")
        raise typer.Exit


@app.callback()
def topform(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """TopForm: your training, your technique, your plan; on your own machine."""


def main() -> None:
    """Run the command line."""
    app()
