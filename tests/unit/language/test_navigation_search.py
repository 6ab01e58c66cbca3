"""Search through a library: what is found, in which order, and where it stands."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from navigation_helpers import Workspace

from promptbits.language.navigation.folded_names import Fit
from promptbits.language.navigation.search_table import SearchTable
from promptbits.language.navigation.symbols import Found, locate, search
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import LAYERS

FILES = {
    "custom/review": {"id": "review", "tags": ["rust"]},
    "custom/review-code": {
        "id": "review-code",
        "description": "Look for bugs",
        "variables": {"language": {}, "file": {}},
    },
    "builtin/review-code": {"id": "review-code", "description": "Shadowed bugs", "variables": {"old_one": {}}},
    "custom/code-review": {"id": "code-review", "tags": ["review", "rust"], "variables": {"language": {}}},
    "custom/preview": {"id": "preview", "description": "Show what a reviewer sees"},
    "custom/tests": {"id": "tests", "description": "Review of tests for Python", "tags": [3, "Unit_Tests"]},
    "custom/broken": '{"tags": ["lost"], "variables": {"kept": {',
}


def names(query: str, library: Library | None = None, most: int = 100) -> list[str]:
    found = search(library or Workspace(FILES).library, query, most)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True) or not query
    return [f"{each.kind} {each.name}" for each in found]


def test_the_best_first() -> None:
    expected = ["id review", "tag review", "id review-code", "id code-review", "id preview", "description tests"]
    assert names("review") == expected
    assert names("review", most=3) == expected[:3]
    assert names("review", most=0) == []


def test_hyphens_and_case_do_not_matter() -> None:
    for query in ("review-code", "Review Code", "review_code", " review.code- "):
        assert names(query)[0] == "id review-code"
    assert names("unit tests") == names("UNIT-TESTS") == ["tag Unit_Tests"]


def test_words_in_any_order_and_characters_in_theirs() -> None:
    assert names("code rev") == ["id code-review", "id review-code"]
    assert names("rvcd") == ["id review-code"]
    assert names("codereview") == ["id code-review"]


def test_what_is_mistyped_is_found_last() -> None:
    assert names("reveiw")[:2] == ["id review", "tag review"]
    assert names("cdoe reveiw") == ["id code-review", "id review-code"]
    assert names("languaeg") == ["variable language", "variable language"]
    assert names("qqqqqqqq") == names("qqqqqqqq review") == []


def test_only_what_is_nowhere_written_so_counts_as_mistyped() -> None:
    library = Library.of(Entry(f"/p/{id_}.json", "custom", id_) for id_ in ("busy", "bug", "review", "re-v-e-i-w"))
    assert names("bus", library) == ["id busy"]
    assert names("reveiw", library) == ["id re-v-e-i-w", "id review"]


def test_a_description_says_which_word_fits_and_the_symbol_is_the_prompt() -> None:
    (found,) = search(Workspace(FILES).library, "pyth")
    assert (found.kind, found.name, found.word, found.detail) == (
        "description", "tests", "Python", "Review of tests for Python",
    )  # fmt: skip
    assert names("code bugs") == ["description review-code"]
    assert names("ython") == []  # a word of a description fits from its start


def test_a_prompt_that_is_shadowed_is_not_listed() -> None:
    found = search(Workspace(FILES).library, "review-code")
    assert [each.entry.layer for each in found if each.name == "review-code"] == ["custom"]
    assert names("old_one") == names("shadowed") == []


def test_tags_once_variables_once_for_each_prompt() -> None:
    library = Workspace(FILES).library
    (tag,) = search(library, "rust")
    assert (tag.kind, tag.detail, tag.entry.id) == ("tag", "tag of 2 prompts", "code-review")
    assert [(each.name, each.detail) for each in search(library, "language")] == [
        ("language", "code-review"),
        ("language", "review-code"),
    ]
    assert names("kept") == ["variable kept"]


def test_a_variable_of_many_prompts_leaves_room() -> None:
    library = Library.of(Entry(f"/p/{n}.json", "custom", f"p{n}", variables=("language",)) for n in range(300))
    library = library.with_changes({"/p/x.json": Entry("/p/x.json", "custom", "some-language")})
    assert names("language", library) == ["variable language"] * 5 + ["id some-language"]


def test_no_query_lists_ids_by_the_alphabet() -> None:
    expected = ["id code-review", "id preview", "id review", "id review-code", "id tests"]
    assert names("") == names(" - ") == expected
    assert names("", most=2) == expected[:2]


def test_where_it_stands() -> None:
    workspace = Workspace(FILES)
    for query in ("review-code", "rust", "unit tests", "language", "bugs", "kept"):
        for found in search(workspace.library, query):
            place = locate(found, workspace.read)
            assert place
            assert place.path == found.entry.path
            assert workspace.documents[place.path].text[place.start : place.end] == found.name
    gone = Workspace({"custom/review": {"id": "other"}})
    assert [locate(found, gone.read) for found in search(workspace.library, "review")[:3]] == [None] * 3


words = st.sampled_from(["a", "b", "ab", "a-b", "A_b", "ba", "\ud800", "ß"])
entries = st.builds(
    Entry,
    path=st.integers(0, 4).map(lambda number: f"/p/{number}.json"),
    layer=st.sampled_from(LAYERS),
    id=words | st.just(""),
    description=words,
    tags=st.lists(words, max_size=2).map(tuple),
    variables=st.lists(words, max_size=2, unique=True).map(tuple),
    confidence=st.none() | st.just(0.5),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(entries, max_size=6), st.lists(entries, max_size=4), st.integers(0, 4), words | st.text(max_size=4))
def test_changes_are_found_as_in_a_library_from_scratch(
    start: list[Entry], later: list[Entry], gone: int, query: str
) -> None:
    library = Library.of(start).with_changes({each.path: each for each in later} | {f"/p/{gone}.json": None})
    scratch = Library.of(library.entries())
    found, expected = search(library, query), search(scratch, query)
    if any(each.score == 100 - 10 * Fit.MISTYPED for each in (*found, *expected)):
        return  # what a mistyped word stands for may be looked for among words that are gone
    assert sorted(map(key, found)) == sorted(map(key, expected))
    assert [each.score for each in found] == [each.score for each in expected]


def key(found: Found) -> tuple[object, ...]:
    return found.kind, found.name, found.word, found.detail, found.score, found.entry.path


def test_a_keystroke_folds_only_what_changed() -> None:
    library = Workspace(FILES).library
    search(library, "review")
    entry = Entry(Workspace.path("custom/new"), "custom", "brand-new")
    changed = library.with_changes({entry.path: entry})
    assert changed.derived(SearchTable)[0] is library.derived(SearchTable)[0]
    assert names("brand", changed) == ["id brand-new"]
    assert names("brand", library) == []


def test_a_name_that_repeats_itself_is_walked_once() -> None:
    library = Library.of([Entry("/p/a.json", "custom", "a" * 50_000)])
    assert names("a" * 150 + "b", library) == []
