"""Links: to prompts by their ids, to addresses, and to files of the project; and none to anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.checks.snapshot import Snapshot
from promptbits.language.structure.links import Link, links, resolve_link
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document

ROOT = Root(Path("/project"))
LIBRARY = Library.of(
    [
        Entry("/project/prompts/builtin/base.json", "builtin", "base"),
        Entry("/project/prompts/custom/base.json", "custom", "base"),
        Entry("/package/other.json", "shipped", "other"),
    ]
)


def shot(text: str, path: str | None = "/project/prompts/custom/own.json", root: Root | None = ROOT) -> Snapshot:
    return Snapshot(Document.from_text(text), Path(path) if path else None, root, LIBRARY)


def found(snapshot: Snapshot) -> list[tuple[str, str | None]]:
    """The text of each link, and where it leads."""
    text = snapshot.document.text
    return [(text[link.start : link.end], link.target_url or link.target_path) for link in links(snapshot)]


def in_content(content: str, **options: str | None) -> list[tuple[str, str | None]]:
    return found(shot(json.dumps({"content": content}, ensure_ascii=False), **options))


def test_parent_and_related_lead_to_the_file_that_is_served() -> None:
    snapshot = shot('{"parent": "base", "related": ["nowhere", "other", 3, "", "b\\u0061se"]}')
    base = "/project/prompts/custom/base.json"
    assert found(snapshot) == [("base", base), ("other", "/package/other.json"), ("b\\u0061se", base)]
    assert [link.prompt_id for link in links(snapshot)] == ["base", "other", "base"]
    assert [link.tooltip for link in links(snapshot)][:2] == ["Open prompts/custom/base.json", "Open other.json"]


@pytest.mark.parametrize(
    ("schema", "target"),
    [
        ("https://a.b/promptbit.schema.json", "https://a.b/promptbit.schema.json"),
        ("../../schemas/promptbit.schema.json", "/project/schemas/promptbit.schema.json"),
        ("./promptbit.schema.json", "/project/prompts/custom/promptbit.schema.json"),
        ("file:///etc/promptbit.schema.json", None),
        ("/etc/promptbit.schema.json", None),
        ("", None),
    ],
)
def test_the_schema(schema: str, target: str | None) -> None:
    assert found(shot(json.dumps({"$schema": schema}))) == ([(schema, target)] if target else [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[a](https://b.c/d) <http://e.f> ![g](HTTPS://h.i/j.png)", ["https://b.c/d", "http://e.f", "HTTPS://h.i/j.png"]),
        ("See https://a.b/c_(d), or (http://localhost:80/?q=1#r).", ["https://a.b/c_(d)", "http://localhost:80/?q=1#r"]),
        ("[![a](https://b.c)](https://d.e)", ["https://b.c", "https://d.e"]),
        ("[a](https://b.c/ä) https://d.e/{f}", ["https://b.c/%C3%A4", "https://d.e/%7Bf%7D"]),
        ("[a](https://b.c/%20d&amp;e)", ["https://b.c/%20d&e"]),
        ("https://user@[::1]/a [b](https://[c) https:///d [e](http://)", []),
        ("[a](./b.md) [c](../d/e.md#f) [g](<h i.md>) [j](k%20l.md?m)", [
            "/project/prompts/custom/b.md", "/project/prompts/d/e.md", "/project/prompts/custom/h i.md",
            "/project/prompts/custom/k l.md",
        ]),
        ("[a](../../b.md) [c](../../../d.md) [e](../..)", ["/project/b.md"]),
        ("[a](%2e%2e/%2e%2e/%2e%2e/b) [c](/etc/passwd) [d](%2fetc/passwd) [e](//f/g)", []),
        ("[a](file:///b) [c](javascript:d) [e](command:f) [g](data:h)", []),
        ("[i](vscode://j) [k](c:/l) <mailto:m> <command:n> <file:///o>", []),
        ("[a](JavaScript:b) [c](&#106;avascript:d) [e](java%73cript:f)", []),
        ("[g](%6a:h) [i](\\\\\\\\j\\\\k) [l](m%5cn) [o](p%00q)", []),
        ("[a](#b) [c]() [d](<>) [e](?f)", []),
        ("[a](https://<<b>>/c) [d](https://e.f/{{ g }}) [h](<https://i/{{ g }}>) [j](<<k>>) ![l](m<<n>>.md)", []),
        ("https://<<a>>/b https://c.d/<<e>> https://f.g?h=<<i>> https://j.k:<<l>> <https://m/{{n}}>", []),
        ("[<<a>>](https://b.c) https://d.e <<f>>. https://g.h, <<i>>", ["https://b.c", "https://d.e", "https://g.h"]),
        ("`https://a.b` `[c](https://d.e)`\n```\nhttps://f.g\n```", []),
        ("http://a.b\u202ec [d](https://e.f/\u200b)", []),
    ],
)  # fmt: skip
def test_targets_in_content(content: str, expected: list[str]) -> None:
    assert [target for _, target in in_content(content)] == expected


def test_a_link_is_its_target_and_not_its_text() -> None:
    assert in_content('[a "b"](https://c.d "t") <https://e.f>.') == [
        ("https://c.d", "https://c.d"),
        ("https://e.f", "https://e.f"),
    ]


def test_escapes_in_the_source() -> None:
    snapshot = shot('{"content": "\\n\\u00e9 [a](https:\\/\\/b.c\\u002fd)"}')
    assert found(snapshot) == [("https:\\/\\/b.c\\u002fd", "https://b.c/d")]


def test_files_need_a_place_to_be_relative_to() -> None:
    text = "[a](b.md) [c](../d.md)"
    assert in_content(text, path=None) == []
    assert in_content(text, path="/else/own.json") == [("b.md", "/else/b.md")]
    assert found(shot(json.dumps({"content": text}), root=None)) == [("b.md", "/project/prompts/custom/b.md")]


def test_only_files_that_are_there_are_followed(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("")
    assert resolve_link(str(file)) == str(file)
    for path in (tmp_path, tmp_path / "b.md", "\0", "x" * 5000):
        assert resolve_link(str(path)) is None


def test_a_tooltip_is_short() -> None:
    (link,) = links(shot(json.dumps({"content": "https://a.b/" + "c" * 900})))
    assert len(link.tooltip) < 220


SAMPLE = json.dumps(
    {
        "$schema": "../x/promptbit.schema.json",
        "parent": "base",
        "content": "[a](b.md) https://c.d <https://e.f> ![g](<h i>)\n[j\nk](https://l.m \"n\") <<o>>",
        "related": ["other", "base"],
    },
    indent=1,
)  # fmt: skip


def holds(found: list[Link], text: str) -> None:
    at = 0
    for link in found:
        assert at <= link.start < link.end <= len(text)
        assert (link.target_url is None) != (link.target_path is None)
        at = link.end


@settings(deadline=None)
@given(st.data())
def test_links_of_broken_text(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SAMPLE)))
    rest = data.draw(
        st.sampled_from(["", '"', "\n", "\\", "}", SAMPLE[at + 1 :], "\n" + SAMPLE[at:], "<" + SAMPLE[at:]])
    )
    holds(links(shot(SAMPLE[:at] + rest)), SAMPLE[:at] + rest)
