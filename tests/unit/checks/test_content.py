"""The content as Markdown: empty, unclosed code, too long."""

import json

import pytest
from check_helpers import codes, findings, mended, prompt, said

OPEN = "the code fence {} that opens here is not closed"


@pytest.mark.parametrize("content", ["", " ", "\n\t \r\n", "\u00a0\u2003"])
def test_a_content_of_nothing_but_blanks_is_empty(content: str) -> None:
    message = "the content is empty: there is nothing to render"
    assert said(prompt(content=content)) == [("empty-content", message, json.dumps(content, ensure_ascii=False))]


def test_a_content_that_is_missing_or_no_text_is_not_empty() -> None:
    assert codes(prompt(content=...)) == ["missing-key"]
    assert codes(prompt(content=5)) == ["wrong-type"]


# The content, and the line that is marked.
UNCLOSED = {
    "at the end": ("Run:\n\n```sh\nmake", "```sh"),
    "with an end of line": ("Run:\n\n```sh\nmake\n", "```sh"),
    "tildes": ("~~~\ncode\n```\n", "~~~"),
    "closer too short": ("````\ncode\n```\n", "````"),
    "closer with text": ("```\ncode\n``` end\n", "```"),
    "indented in a list": ("- Run:\n  ```sh\n  make\n", "```sh"),
    "as a list item": ("1. ```sh\n   make\n", "```sh"),
    "second of two": ("```a\n1\n```\n\n```b\n2\n", "```b"),
    # The first was not closed: the second's opening line is taken for code, and its end closes the first.
    "the one that was forgotten": ("```a\n1\n\n```b\n2\n```\n\n```c\n3", "```a"),
    "the one that was forgotten, in a list": (
        "- One:\n  ```a\n  1\n\nText\n\n```b\n2\n```\n\nMore\n\n```c\n3\n```\n\n```\n",
        "```a",
    ),
    "windows line ends": ("Run:\r\n\r\n```sh\r\nmake\r\n", "```sh"),
}


@pytest.mark.parametrize(("content", "line"), UNCLOSED.values(), ids=UNCLOSED.keys())
def test_an_unclosed_fence_is_told_at_the_line_that_was_not_closed(content: str, line: str) -> None:
    marker = line.rstrip("absch")
    assert said(prompt(content=content)) == [("unclosed-fence", OPEN.format(marker), line)]


CLOSED = {
    "plain": "```\ncode\n```",
    "longer closer": "```\ncode\n`````\n",
    "indented closer": "```\ncode\n   ```\n",
    "dedented closer": "- Run:\n\n  ```sh\n  make\n```\n\nThen look.\n",
    "in a list item": "1. Run:\n\n   ```sh\n   make\n   ```\n2. Look.\n",
    "as a list item": "- ```sh\n  make\n  ```\n",
    "nested": "````md\n```sh\nmake\n```\n````\n",
    "tildes around backticks": "~~~md\n```sh\n~~~\n",
    "in a quotation": "> ```\n> code\n\nThe quotation ends, and the code with it.\n",
    "closed in a quotation": "> ```\n> code\n> ```\n",
    "inline": "Use ```code``` like this.\n",
    "inline at the start": "```code``` is code.\n",
    "indented code": "Text\n\n    ```\n    not a fence\n",
    "windows line ends": "```sh\r\nmake\r\n```\r\n",
    "three in a row": "```\n1\n```\n```\n2\n```\n```\n3\n```",
    "two backticks": "``\ncode\n",
    "headings and rules": "# One\n\n---\n\n## Two\n\n~~struck~~\n",
}


@pytest.mark.parametrize("content", CLOSED.values(), ids=CLOSED.keys())
def test_closed_fences_and_what_is_no_fence(content: str) -> None:
    assert said(prompt(content=content)) == []


@pytest.mark.parametrize(
    ("content", "end"),
    [
        ("```sh\nmake", "\n```\n"),
        ("```sh\nmake\n", "```\n"),
        ("~~~~\nmake\n", "~~~~\n"),
        ("- Run:\n  ```sh\n  make\n", "  ```\n"),
        ("10. ```sh\n    make\n", "    ```\n"),
        ("> ```\n> code", "\n> ```\n"),
        ("```sh\r\nmake\r\n", "```\r\n"),
    ],
)
def test_the_fix_closes_the_fence_where_it_stands(content: str, end: str) -> None:
    text = mended(prompt(content=content), "unclosed-fence")
    assert json.loads(text)["content"] == content + end
    assert codes(text) == []


def test_a_fence_that_was_forgotten_further_up_is_left_to_the_author() -> None:
    (finding,) = findings(prompt(content="```a\n1\n\n```b\n2\n```\n\n```c\n3"))
    assert finding.fix is None


def test_length_is_told_as_an_estimate_at_the_key() -> None:
    text = "word " * 8000
    assert codes(prompt(content=text)) == []
    message = (
        "the content has 60,000 characters, about 15,000 tokens by estimate: consider splitting it into related prompts"
    )
    assert said(prompt(content=text + text[:20_000])) == [("oversized-content", message, '"content"')]
    assert findings(prompt(content=text * 2))[0].severity == "information"
