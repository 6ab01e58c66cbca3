"""`promptbits git-setup`: git shows prompts as text in diffs, and merges them as text."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Final

import click

from promptbits.cli.collect import current_root
from promptbits.cli.console import escape, out, out_json, say, shown_path
from promptbits.cli.errors import FINE
from promptbits.cli.git import attributes
from promptbits.cli.git.runner import GitError, Repository
from promptbits.prompts.readable import FORMAT

# Which line of the text stands beside `@@`: the heading that a change lies under.
_HEADINGS: Final = r"^(#{1,6} .*|content:|variables:)$"
_CACHE: Final = "refs/notes/textconv/promptbit"
_CACHE_KEY: Final = "diff.promptbit.cachetextconv"
_KEYS: Final = (
    "diff.promptbit.textconv",
    _CACHE_KEY,
    "diff.promptbit.xfuncname",
    "merge.promptbit.name",
    "merge.promptbit.driver",
)


@click.command("git-setup")
@click.option(
    "--global", "everywhere", is_flag=True, help="Configure git for all your repositories, not for this clone."
)
@click.option("--undo", is_flag=True, help="Take back what this command wrote.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def git_setup(everywhere: bool, undo: bool, as_json: bool) -> int:
    """Let git show and merge prompts as text.

    `git diff` and `git log -p` then show the decoded content line by line, and `git merge` merges it line by line.
    The file .gitattributes says for which files; commit it. How it is done stands in git's configuration, which
    nobody gets by cloning: everyone runs this command once.
    """
    if everywhere:
        _refuse_device()
    root = current_root()
    repository = _repository(root.path, needed=not everywhere)
    written: list[tuple[str, str]] = []
    if repository:
        path = root.path / attributes.FILE_NAME
        change = attributes.remove if undo else attributes.add
        if change(path, attributes.lines(root)):
            written.append((shown_path(path), "taken back" if undo else "written"))
    where = Repository(root.path) if repository is None else repository
    scope = "--global" if everywhere else "--local"
    settings = {} if undo else _settings(can_commit=_can_commit(where))
    for key in _KEYS:
        value = settings.get(key)
        if _set(where, scope, key, value):
            written.append((f"git config {scope} {key}", "removed" if value is None else value))
    if settings and _CACHE_KEY not in settings:
        say(
            "git does not know who you are (user.name, user.email), so nothing is cached: "
            "long logs are slower. Run this again once it does"
        )
    if undo and repository:
        where.ask("update-ref", "-d", _CACHE)  # what git kept of the texts that it was given
    _report(written, undo=undo, everywhere=everywhere, has_attributes=repository is not None, as_json=as_json)
    return FINE


def _refuse_device() -> None:
    """Refuse to write to what is no file: git would put a file in its place, even in that of /dev/null.

    Raises:
        GitError: GIT_CONFIG_GLOBAL names such a thing, as where a job must not see any configuration.
    """
    name = os.environ.get("GIT_CONFIG_GLOBAL")
    if name is not None and (not name or (Path(name).exists() and not Path(name).is_file())):
        raise GitError(f"GIT_CONFIG_GLOBAL is {name!r}, which is no file to write to: leave out --global, or unset it")


def _repository(folder: Path, *, needed: bool) -> Repository | None:
    try:
        return Repository.around(folder)
    except GitError:
        if needed:
            raise
        return None


def _settings(*, can_commit: bool) -> dict[str, str]:
    program = command()
    settings = {
        "diff.promptbit.textconv": f"{program} git-textconv --format {FORMAT}",
        _CACHE_KEY: "true",
        "diff.promptbit.xfuncname": _HEADINGS,
        "merge.promptbit.name": "prompts, their content line by line",
        "merge.promptbit.driver": f"{program} git-merge %O %A %B %L %P %S %X %Y",
    }
    if not can_commit:
        del settings[_CACHE_KEY]
    return settings


def _can_commit(where: Repository) -> bool:
    """Whether git knows a name and an address. Its cache is a commit: without them `git diff` would end at once."""
    return all(where.ask("var", f"GIT_{role}_IDENT") for role in ("AUTHOR", "COMMITTER"))


def command() -> str:
    """How git's shell starts this program, whatever is on its PATH: by absolute paths, quoted."""
    interpreter = Path(sys.executable)
    for name in ("promptbits", "promptbits.exe"):
        script = interpreter.with_name(name)
        if script.is_file():
            return shlex.quote(script.as_posix())
    # Without -P the working directory would come first, and git runs this inside of clones from anywhere.
    return f"{shlex.quote(interpreter.as_posix())} -P -m promptbits"


def _set(where: Repository, scope: str, key: str, value: str | None) -> bool:
    """Set or remove a setting; whether that changed anything."""
    before = where.ask("config", scope, "--get-all", key)
    if before == value:
        return False
    if value is None:
        where.run("config", scope, "--unset-all", key)
    else:
        where.run("config", scope, "--replace-all", key, value)
    return True


def _report(
    written: list[tuple[str, str]], *, undo: bool, everywhere: bool, has_attributes: bool, as_json: bool
) -> None:
    if as_json:
        out_json({"version": 1, "written": [{"what": what, "value": value} for what, value in written]})
        return
    for what, value in written:
        out(escape(f"{what}: {value}"))
    if undo:
        out("git shows and merges prompts as JSON again" if written else "nothing to take back")
        return
    if not written:
        out("everything is set up already")
    out(
        "\nThe configuration holds for all your repositories on this machine"
        if everywhere
        else "\nThe configuration holds for this clone only"
    )
    if has_attributes:
        out("Commit .gitattributes; whoever clones the repository runs `promptbits git-setup` once.\nTry: git log -p")
    else:  # there is no repository here that the prompts could be told in
        out("Run `promptbits git-setup` in each repository: it says in .gitattributes which files are prompts.")
