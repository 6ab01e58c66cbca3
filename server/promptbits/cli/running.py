"""Runs a command line. The one place where errors become a line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from promptbits.cli.errors import FAILED, CommandError, os_error
from promptbits.cli.group import cli

DEBUG = "PROMPTBITS_DEBUG"
_COMPLETE = "_PROMPTBITS_COMPLETE"

INTERRUPTED = 130  # what shells report of a program that Ctrl-C ended
BROKEN_PIPE = 141  # what shells report of a program whose reader went away


def run(args: Sequence[str] | None) -> int:
    """Run a command line and return its exit code. Nothing is raised but SystemExit of shell completion."""
    _tolerate_odd_characters()
    arguments = list(sys.argv[1:] if args is None else args)
    try:
        code = _invoke(arguments)
        if sys.stdout is not None:  # it is None in a process that was started without one
            sys.stdout.flush()
    except BrokenPipeError:
        return _leave_broken_pipe()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return FAILED
    except click.ClickException as error:
        error.show()
        return FAILED
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception as error:  # the last resort: a user never sees a traceback that they did not ask for
        if os.environ.get(DEBUG):
            raise
        _complain(error)
        return FAILED
    return code


def _invoke(arguments: list[str]) -> int:
    if os.environ.get(_COMPLETE):
        cli.main(arguments, prog_name="promptbits", complete_var=_COMPLETE)
    try:
        with cli.make_context("promptbits", arguments) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    return result if isinstance(result, int) else 0


def _complain(error: Exception) -> None:
    from promptbits.cli.console import escape

    if isinstance(error, CommandError):
        message = str(error)
    elif isinstance(error, OSError):
        message = os_error(error)
    elif isinstance(error, RecursionError | MemoryError):
        message = "the input is too large or nested too deep"
    else:
        message = f"unexpected {type(error).__name__}: run with {DEBUG}=1 for details"
    click.echo(f"promptbits: {escape(message)}", err=True)


def _tolerate_odd_characters() -> None:
    """Print what the terminal's encoding cannot hold as an escape: file names and prompts hold anything."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _leave_broken_pipe() -> int:
    """Go quietly. Python flushes stdout once more on its way out, and that must not fail again."""
    try:
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, sys.stdout.fileno())
    except (OSError, ValueError):
        pass  # stdout is no file, as in tests: then nothing is flushed
    return BROKEN_PIPE
