"""The demo runs the real server and shows diagnostics that come and go."""

import subprocess
import sys


def run_demo() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "promptbits", "demo"], capture_output=True, text=True, timeout=90, encoding="utf-8"
    )


def test_the_demo_shows_what_an_author_sees():
    done = run_demo()
    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout
    for code in ("json-syntax", "undeclared-variable", "unclosed-fence", "unknown-reference", "hidden-characters"):
        assert f"[{code}]" in shown
    came = shown.index('"topik" is not declared in variables')
    went = shown.index('✓ gone: "topik" is not declared in variables')
    assert came < went
    completion, hover, fix = (shown.index(each) for each in ("── A completion", "── A hover", "── A quick fix"))
    assert went < completion < hover < fix
    assert "for <<audience>>" in shown[completion:hover]
    assert "Who reads it" in shown[hover:fix]
    assert '-  "content": "Write notes for <<versoin>>' in shown[fix:]
    assert '+  "content": "Write notes for <<version>>' in shown[fix:]
    renaming = shown[shown.index("── A rename across files") : shown.index("── A change that people can read")]
    assert "renamed prompts/custom/weekly-report.json → prompts/custom/status-report.json" in renaming
    for line in ('-  "id": "weekly-report",', '+  "id": "status-report",', '+  "parent": "status-report"'):
        assert line in renaming
    readable = shown[shown.index("── A change that people can read") :]
    for line in ("  -Write a report for <<audience>> from these notes:", "  +End with what is planned for next week."):
        assert line in readable
    for editor in ("VS Code", "Neovim", "Helix"):
        assert editor in shown[went:]
    assert "\x1b[" not in shown, "a pipe gets no colours"


def test_a_caret_stands_under_what_is_meant():
    lines = run_demo().stdout.splitlines()
    at = next(index for index, line in enumerate(lines) if '"versoin" is not declared' in line)
    source, caret = lines[at - 2], lines[at - 1]
    start = caret.index("^")
    assert source[start : start + caret.count("^")] == "<<versoin>>"
