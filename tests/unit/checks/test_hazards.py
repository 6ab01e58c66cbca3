"""Hazards of real prompts: texts that look like mistakes and are none, each reduced to what it takes.

Every content stands in a prompt that declares some of the names that occur in it, and in one without `variables`.
"""

import re

import pytest
from check_helpers import findings, prompt

HAZARDS = {
    # Braces of other languages
    "JSX style": "<div style={{ color: 'red', padding: 4 }}>",
    "JSX spread and objects": "<Chart {...props} data={{name}} options={{ name: 'x' }} />",
    "JSX event": "<button onClick={() => { setName({ name }) }}>",
    "GitHub Actions": "run: echo ${{ github.ref }} ${{ secrets.TOKEN }} ${{ matrix.os }}",
    "Actions condition": "if: ${{ github.event_name == 'push' && !contains(github.ref, 'x') }}",
    "Nuclei template": 'path:\n  - "{{BaseURL}}/admin"\n  - "{{Hostname}}"\nmatchers: {{md5(name)}}',
    "Nuclei template in code": "```yaml\nhttp:\n  - raw:\n      - |\n        GET /\n        Host: {{Hostname}}\n```",
    "Liquid": "{% for item in items %}{{ item.title | escape }}{% endfor %}",
    "Jinja": "{% if user.is_admin %}{{ user.name|default('x', true) }}{% endif %}{# note #}",
    "Vue": "<p v-if=\"text\">{{ text }}</p> {{ theme.label || 'Appearance' }} {{ a ? b : c }}",
    "Angular": "<li *ngFor=\"let item of items\">{{ item.price | currency:'EUR' }}</li>",
    "Handlebars": "{{#each items}}{{this.name}}{{else}}{{> empty}}{{/each}} {{{raw}}}",
    "Mustache": "{{#items}}{{name}}{{/items}} {{^items}}none{{/items}} {{=<% %>=}}",
    "Go template": "{{ .Values.image }} {{ range $i, $e := .Items }}{{ $e }}{{ end }} {{- with .x -}}",
    "Helm in code": "```yaml\nimage: {{ .Values.image.repository }}:{{ .Values.image.tag }}\n```",
    "LaTeX": "\\frac{{a}}{{b}} and \\textbf{{name}}",
    "f-string": "f\"{{'name': {name}}}\" and f'{name!r:>{width}}' and '{{name}}'.format()",
    "Rust format": 'println!("{{{name}}}"); format!("{name:?}");',
    "JSON in prose": 'Answer as {"name": "…", "items": [{"id": 1}, {"id": {}}]}.',
    "empty braces": "{{}} {{ }} {{  name  }} { {name} }",
    "set notation": "{ {a}, {b} } and {{a}, {b}}",
    "CSS": "@media print { .a { color: red } } .b{margin:{{name}}px}",
    # Angles of other languages
    "heredoc": "```sh\ncat <<EOF >out\n$name\nEOF\ncat <<'EOF' | sh\nEOF\n```",
    "heredoc in prose": "Write `cat <<EOF` and close with `EOF`; `<<-EOF` strips tabs; `<<<word` is a here string.",
    "shift": "1<<n, x >> 2, `a <<= 1`, `b >>= name`",
    "streams": 'std::cout << "name: " << name << std::endl; std::cin >> name >> other;',
    "generics": "Map<String, List<name>> and Vec<Vec<u8>> and Promise<Array<Record<string, name>>>",
    "generics over lines": "Result<\n  Vec<name>,\n  Box<dyn Error>>",
    "kernel launch": "add<<<blocks, threads>>>(a, b); run<<<1, name>>>(x)",
    "XML": "<document>\n<name>…</name>\n<items><item/></items>\n</document>",
    "tags of instructions": "<instructions>\nRead <name> first.\n</instructions>\n<example>…</example>",
    "delimiters": "The text stands between <<<TEXT>>> and <<<END>>>; >>>>> and <<<<< are rules.",
    "merge markers in prose": "Look for lines that start with <<<<<<<, ======= or >>>>>>>.",
    "REPL": ">>> name = 1\n>>> print(name)\n1",
    "quotation of a quotation": ">> name\n> said\n\n> > deeper",
    "arrows": "a => b, a -> b, a <- b, a <-> b, name=>name, <=>",
    "placeholder of a CLI": "git commit -m <message> [--name <name>] <<file>...>",
    "comments": "<!-- name --> <!-- <name> --> <![CDATA[name]]> <?php echo $name ?>",
    # Fences
    "fence in a list item": "1. Do:\n\n   ```sh\n   make\n   ```\n\n2. Look.",
    "fence deep in a list": "- a\n  - b\n    - c\n\n      ```py\n      x = 1\n      ```\n",
    "nested fences": "````markdown\n# Example\n\n```js\nlet a = 1\n```\n````\n",
    "dedented closer": "- Run\n\n    ```sh\n    make\n```\n\nDone.",
    "tab indented": "-\tRun\n\n\t```sh\n\tmake\n\t```\n",
    "tildes": "~~~yaml\na: 1\n~~~\n",
    "info with braces": '```{r, echo=FALSE}\nx <- 1\n```\n```js {1,3-5} title="a"\n```\n',
    "fence in a quotation": "> ```sh\n> make\n> ```\n\nAfter.",
    "inline triple": "Wrap it in ```triple``` backticks, or in ``` ` ```.",
    "fence at the very end": "```\nx\n```",
    "markdown in markdown": "~~~\n```\nnot closed, and not meant to be\n~~~\n",
    # Words that look like secrets
    "sk in words": "task-oriented, risk-aware, ask-me-anything, desk-ant-api03, disk-proj-" + "a" * 24,
    "prefixes": "Keys start with sk-, ghp_, AKIA, xoxb-, AIza, glpat- or hf_.",
    "hashes": "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709, uuid 123e4567-e89b-12d3-a456-426614174000",
    "samples": "OPENAI_API_KEY=sk-your-key-here, AWS_ACCESS_KEY_ID=AKIA" + "IOSFODNN7EXAMPLE",
    "PEM in prose": "A key starts with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.",
    # Characters
    "windows line ends": "# One\r\n\r\n```sh\r\nmake\r\n```\r\n\r\n- a\r\n- b\r\n",
    "old line ends": "one\rtwo\rthree",
    "emoji": "✅ ❌ ⚠️ 👩‍💻 👍🏽 🇩🇪 1️⃣ ❤️‍🔥",
    "typographic": "“quoted” – dash — … • → ✓ ½ №\u00a0narrow\u202fblank",
    "combining": "e\u0301a\u0308 Zalgo\u0336 n\u0303",
    "separators": "one\u2028two\u2029three",
    "box drawing": "├── src\n│   └── main.rs\n└── Cargo.toml",
    "Hebrew": "שלום \u200fעולם\u200f (RTL)",
    "Persian": "می‌خواهم کتاب‌ها را",
    "form of a table": "| a | b |\n|---|---|\n| `<name>` | `{{name}}` |",
    "backslashes": "C:\\Users\\name \\d+\\s*\\{\\{ \\<\\< \\\\server\\share",
    "regular expressions": "/^<<\\w+>>$/ and /\\{\\{\\s*(\\w+)\\s*\\}\\}/ and (?<name>x) and (?<=name)",
    "percent and dollar": "%s %(name)s $name ${name} $${name} $(name) #{name} @name :name",
}

# What may be said of them: a use without a declaration is one, both kinds are both kinds.
TRUE = {"undeclared-variable", "mixed-delimiters", "unused-variable"}
# Where a declared name would stand in a placeholder, but for a filter or a third mark on either side.
MEANT = {"delimiters", "Jinja", "Liquid", "Angular", "Handlebars", "Rust format"}

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@pytest.mark.parametrize("content", HAZARDS.values(), ids=HAZARDS.keys())
def test_without_declarations_nothing_is_said(content: str) -> None:
    assert {each.code for each in findings(prompt(content=content))} <= {"mixed-delimiters"}


@pytest.mark.parametrize(("name", "content"), HAZARDS.items(), ids=HAZARDS.keys())
def test_with_a_declared_name_only_what_is_true_is_said(name: str, content: str) -> None:
    found = findings(prompt(content=f"{content}\n\nOn <<name>>.", variables={"name": {}}))
    assert {each.code for each in found if each.severity != "information"} <= (
        TRUE | ({"malformed-placeholder"} if name in MEANT else set())
    )


@pytest.mark.parametrize(("name", "content"), HAZARDS.items(), ids=HAZARDS.keys())
def test_even_if_every_word_is_a_declared_name(name: str, content: str) -> None:
    found = findings(prompt(content=content, variables={word: {} for word in WORD.findall(content)}))
    allowed = TRUE | ({"malformed-placeholder"} if name in MEANT else set())
    assert {each.code for each in found} <= allowed, [(each.code, each.message) for each in found]


def test_what_is_meant_is_told_with_the_reason() -> None:
    found = findings(
        prompt(content="{{ user.name | default('x') }} and {{{raw}}}", variables={"user.name": {}, "raw": {}})
    )
    assert [each.message for each in found if each.code == "malformed-placeholder"] == [
        "a placeholder has no filter: write {{ user.name }}",
        "this is not a placeholder: write {{ raw }}",
    ]
