"""Completion of variables inside the content."""

import json

import pytest
from caret import accepted, labels, library, offered

WORDS = library(
    {
        "a": {"variables": {"repo": {}, "user.mail": {}, "not a name": {}}},
        "b": {"variables": {"repo": {}}},
        "c": {"variables": {"branch": {}, "repo": {}}},
    }
)
DECLARED = ', "variables": {"user.name": {"description": "Who"}, "size": {"type": "integer"}}}'


def prompt(content: str) -> str:
    return f'{{"content": "{content}"{DECLARED}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hi <<|", "Hi <<user.name>>"),
        ("Hi <<|>>", "Hi <<user.name>>"),
        ("Hi <<|>", "Hi <<user.name>>"),
        ("Hi <<us|", "Hi <<user.name>>"),
        ("Hi <<us|er>>!", "Hi <<user.name>>!"),
        ("Hi <<user.|", "Hi <<user.name>>"),
        ("Hi <<user.|nam>>", "Hi <<user.name>>"),
        ("Hi <<us|.mail>>", "Hi <<user.name>>"),
        ("Hi <<| you", "Hi <<user.name>> you"),
        ("Hi <<|you", "Hi <<user.name>>you"),
        ("Hi <<us|.", "Hi <<user.name>>."),
        ("Hi {{|", "Hi {{user.name}}"),
        ("Hi {{|}}", "Hi {{user.name}}"),
        ("Hi {{|}", "Hi {{user.name}}"),
        ("Hi {{ |", "Hi {{ user.name }}"),
        ("Hi {{ |}}", "Hi {{ user.name }}"),
        ("Hi {{ u| }}", "Hi {{ user.name }}"),
        ("Hi {{u| }} and", "Hi {{user.name }} and"),
        ("Hi {{  u| and", "Hi {{  user.name  }} and"),
        ("<<|", "<<user.name>>"),
        (r"a\n<<|\nb", r"a\n<<user.name>>\nb"),
        (r"\u00e9\"\u003c\u003cus|er>>", r"\u00e9\"\u003c\u003cuser.name>>"),
        (r"\\\\<<|", r"\\\\<<user.name>>"),
        ("😀 <<|>>", "😀 <<user.name>>"),
        ("a << b <<|", "a << b <<user.name>>"),
    ],
)
def test_the_name_is_written_and_only_what_is_missing_of_its_closing(before: str, after: str) -> None:
    assert accepted(prompt(before), "user.name", WORDS) == prompt(after)


@pytest.mark.parametrize(
    "content",
    [
        "|",
        "a <|",
        "$<<|",
        "${{|",
        "${{ |",
        "<<<|",
        "{{{|",
        r"\\<<|",
        r"\\{{ |",
        "<< |",
        "<<1|",
        "<<a>>|",
        "<<a b|",
        r"<<\|n",
    ],
)
def test_nothing_is_offered_where_no_placeholder_begins(content: str) -> None:
    assert labels(prompt(content), WORDS) == []


def test_names_come_as_declared_then_as_used_then_as_the_library_knows_them() -> None:
    source = prompt("{{ other }} <<size>> <<|>>")
    assert labels(source, WORDS) == ["user.name", "size", "other", "repo", "branch", "user.mail"]
    assert [item.detail for item in offered(source, WORDS).items] == [
        "string · Who",
        "integer",
        "used here, not declared",
        "in 3 prompts",
        "in 1 prompt",
        "in 1 prompt",
    ]


def test_the_name_that_is_being_typed_is_not_offered() -> None:
    assert labels(prompt("<<sizzle|>>"), WORDS)[:3] == ["user.name", "size", "repo"]
    assert "sizzle" in labels(prompt("<<sizzle>> <<sizzle|>>"), WORDS)


def test_in_fenced_code_braces_take_declared_names_only() -> None:
    assert labels(prompt(r"```\n{{|\n```\n"), WORDS) == ["user.name", "size"]
    assert "repo" in labels(prompt(r"```\n<<|\n```\n"), WORDS)
    assert "repo" in labels(prompt(r"```\nx\n```\n{{|"), WORDS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"content": "Hi <<|', '{"content": "Hi <<repo>>'),
        ('{\n  "content": "Hi <<|\n  "id": "x"\n}', '{\n  "content": "Hi <<repo>>\n  "id": "x"\n}'),
        ('{"content": "Hi\nyou <<|\nand more",\n "id": "x"}', '{"content": "Hi\nyou <<repo>>\nand more",\n "id": "x"}'),
    ],
)
def test_content_that_is_half_typed(before: str, after: str) -> None:
    assert accepted(before, "repo", WORDS) == after


def test_behind_content_with_raw_line_breaks_keys_are_known() -> None:
    source = '{"content": "one\ntwo, three\nfour",\n  "|"\n  "id": "x"\n}'
    assert accepted(source, "category") == source.replace('"|"', '"category": "$1",')


def test_many_names_are_cut_to_those_that_fit() -> None:
    content = " ".join(f"<<name_{n:03}>>" for n in range(150))
    source = json.dumps({"content": content + " <<name_14|>>"})
    found = offered(source)
    assert found.incomplete
    assert [item.label for item in found.items] == [f"name_{n}" for n in range(140, 150)]
