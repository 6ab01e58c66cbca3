"""Secret formats: each with generated values; no value that looks real is written in this file."""

import random
from base64 import b64encode
from textwrap import wrap

import pytest

from promptbits.checks.secret_formats import FORMATS, SecretFormat, find_secrets

DIGITS = "0123456789"
HEX = DIGITS + "abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BASE32 = UPPER + "234567"
BASE62 = DIGITS + UPPER + UPPER.lower()
URL = BASE62 + "-_"
BASE64 = BASE62 + "+/"
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"

# A value is its parts in order: literal text, or (alphabet, length). A first part of several words is as many
# shapes. The last random part is the one whose length is varied; `exact` says whether one character more makes the
# value something else.
Part = str | tuple[str, int]
Shape = tuple[str, str, tuple[Part, ...], bool]
# fmt: off
TABLE: tuple[Shape, ...] = (
    ("GitHub", "personal access token", ("ghp_", (BASE62, 36)), True),
    ("GitHub", "fine-grained personal access token", ("github_pat_", (BASE62, 22), "_", (BASE62, 59)), True),
    ("GitHub", "OAuth or app token", ("gho_ ghu_ ghs_", (BASE62, 36)), True),
    ("GitHub", "app installation token",
     ("ghs_", (DIGITS, 7), "_eyJ", (URL, 33), ".", (URL, 200), ".", (URL, 40)), False),
    ("GitHub", "app refresh token", ("ghr_", (BASE62, 36)), True),
    ("GitHub", "app refresh token", ("ghr_", (BASE62, 76)), True),
    ("GitLab", "access token", ("glpat-", (URL, 20)), True),
    ("GitLab", "access token", ("glpat-", (URL, 40), ".01", (DIGITS, 7)), True),
    ("GitLab", "access token", ("glpat-", (URL, 40), ".01.", (DIGITS, 9)), True),
    ("GitLab", "deploy, runner or feed token", ("gldt- glrt- glft-", (URL, 20)), True),
    ("AWS", "access key ID", ("AKIA ASIA", (BASE32, 16)), True),
    ("OpenAI", "API key", ("sk-", (BASE62, 20), "T3Blbk" + "FJ", (BASE62, 20)), False),
    ("OpenAI", "API key", ("sk-proj- sk-svcacct-", (URL, 74), "T3Blbk" + "FJ", (URL, 20)), False),
    ("Anthropic", "API key", ("sk-ant-api03- sk-ant-admin01-", (URL, 93), "AA"), True),
    ("Google", "API key", ("AIza", (URL, 35)), True),
    ("Groq", "API key", ("gsk_", (BASE62, 52)), True),
    ("OpenRouter", "API key", ("sk-or-v1-", (HEX, 64)), True),
    ("Perplexity", "API key", ("pplx-", (BASE62, 48)), True),
    ("Replicate", "API token", ("r8_", (URL, 37)), True),
    ("Hugging Face", "access token", ("hf_", (BASE62, 34)), True),
    ("Slack", "bot token", ("xoxb-", (DIGITS, 12), "-", (DIGITS, 13), "-", (BASE62, 20)), False),
    ("Slack", "user token", ("xoxp-", (DIGITS, 12), "-", (DIGITS, 12), "-", (DIGITS, 12), "-", (HEX, 28)), False),
    ("Slack", "webhook URL",
     ("https://hooks.slack.com/services/", "T", (BASE32, 9), "/B", (BASE32, 9), "/", (BASE62, 23)), False),
    ("Stripe", "live secret key", ("sk_live_ rk_live_", (BASE62, 20)), False),
    ("Twilio", "API key SID", ("SK", (HEX, 32)), True),
    ("SendGrid", "API key", ("SG.", (URL, 22), ".", (URL, 43)), True),
    ("npm", "access token", ("npm_", (BASE62, 36)), True),
    ("PyPI", "API token", ("pypi-AgEIcHlwaS5vcmc", (URL, 50)), False),
    ("DigitalOcean", "token", ("dop_v1_ doo_v1_ dor_v1_", (HEX, 64)), True),
    ("Shopify", "access token", ("shpat_ shpca_ shppa_ shpss_", (HEX, 32)), True),
    ("Telegram", "bot token", ((DIGITS, 8), ":AA", (URL, 33)), True),
    ("Telegram", "bot token", ((DIGITS, 10), ":AA", (URL, 33)), True),
    ("Discord", "webhook URL",
     ("https://discord.com/api/webhooks/ https://discordapp.com/api/webhooks/", (DIGITS, 18), "/", (URL, 68)), True),
    ("Databricks", "access token", ("dapi", (HEX, 32)), True),
    ("Doppler", "service token", ("dp.st. dp.st.prd.", (BASE62, 40)), False),
    ("Doppler", "token", ("dp.pt. dp.ct. dp.sa. dp.scim. dp.audit.", (BASE62, 40)), False),
    ("Linear", "API key", ("lin_api_", (BASE62, 40)), True),
    ("Notion", "API token", ("ntn_", (DIGITS, 11), (BASE62, 35)), True),
    ("Postman", "API key", ("PMAK-", (HEX, 24), "-", (HEX, 34)), True),
    ("Grafana", "service account token", ("glsa_", (BASE62, 32), "_", (HEX, 8)), True),
    ("Grafana", "cloud access policy token", ("glc_eyJ", (BASE64, 60)), False),
    ("Docker", "personal access token", ("dckr_pat_", (URL, 27)), True),
    ("Docker", "organization access token", ("dckr_oat_", (URL, 32)), True),
    ("Vault", "service token", ("hvs.", (URL, 90)), False),
    ("Vault", "batch token", ("hvb.", (URL, 138)), False),
    ("age", "secret key", ("AGE-SECRET-KEY-1", (BECH32, 58)), True),
)
# fmt: on
SHAPES: list[Shape] = [
    (provider, name, (head, *rest), exact)
    for provider, name, (first, *rest), exact in TABLE
    for head in (first.split() if isinstance(first, str) else [first])
]
BY_SHAPE = pytest.mark.parametrize("shape", SHAPES, ids=[f"{shape[0]}-{shape[2][0]}" for shape in SHAPES])
EXACT = [shape for shape in SHAPES if shape[3]]
BY_EXACT_SHAPE = pytest.mark.parametrize("shape", EXACT, ids=[f"{shape[0]}-{shape[2][0]}" for shape in EXACT])


def generate(parts: tuple[Part, ...], rng: random.Random, change: int = 0) -> str:
    """A random value of a shape, its last random part longer or shorter by `change`."""
    last = max(index for index, part in enumerate(parts) if not isinstance(part, str))
    text = ""
    for index, part in enumerate(parts):
        if isinstance(part, str):
            text += part
        else:
            alphabet, length = part
            text += "".join(rng.choices(alphabet, k=length + (change if index == last else 0)))
    return text


def generated(shape: Shape, change: int = 0) -> list[str]:
    """Twenty values of a shape, always the same ones."""
    rng = random.Random(f"{shape[0]} {shape[1]} {shape[2][0]}")
    return [generate(shape[2], rng, change) for _ in range(20)]


def found(text: str) -> list[tuple[str, str, str]]:
    return [(m.format.provider, m.format.name, text[m.start : m.end]) for m in find_secrets(text)]


def test_every_format_has_a_shape_here_and_a_public_source():
    assert {(fmt.provider, fmt.name) for fmt in FORMATS} - {shape[:2] for shape in SHAPES} == {("PEM", "private key")}
    covered = [part for shape in SHAPES for part in shape[2] if isinstance(part, str)]
    for fmt in FORMATS:
        assert fmt.source.startswith("https://")
        if fmt.name != "private key":
            assert all(any(part.startswith(prefix) for part in covered) for prefix in fmt.prefixes)


FRAMES = ("{}", "key={}", 'KEY: "{}",', "Use {} to log in.", "`{}`", "({})", "密钥{}。", "a\n{}\nb", "https://u:{}@h/")


@BY_SHAPE
def test_found_whole_wherever_a_token_can_stand(shape):
    for value in generated(shape):
        expected = [(shape[0], shape[1], value)]
        for frame in FRAMES:
            assert found(frame.replace("{}", value)) == expected, frame


@BY_SHAPE
def test_one_character_short_is_nothing(shape):
    assert [found(f"key={value} ") for value in generated(shape, -1)] == [[]] * 20


@BY_EXACT_SHAPE
def test_one_character_more_is_nothing_where_the_length_is_exact(shape):
    assert [found(f"key={value} ") for value in generated(shape, 1)] == [[]] * 20


@BY_SHAPE
def test_the_end_of_a_longer_word_is_nothing(shape):
    assert [found(f"my{value}") + found(f"a_{value}") for value in generated(shape)] == [[]] * 20


@BY_EXACT_SHAPE
def test_the_beginning_of_a_longer_word_is_nothing(shape):
    assert [found(f"{value}-and-more") + found(f"{value}_v2") for value in generated(shape)] == [[]] * 20


@BY_SHAPE
@pytest.mark.parametrize("end", ["...", "…", "****"])
def test_masked_or_cut_off_is_nothing(shape, end):
    assert found(f"key={generated(shape)[0]}{end}") == []


def sample(parts: tuple[Part, ...], fill: str) -> str:
    """A value of a shape that repeats a filling, as far as the alphabets allow it."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        else:
            usable = "".join(char for char in fill if char in part[0]) or part[0][0]
            text += (usable * part[1])[: part[1]]
    return text


@BY_SHAPE
@pytest.mark.parametrize("fill", ["x", "X", "0", "a", "1234567890", HEX, BASE62, UPPER, "abcdefghijklmnop"])
def test_a_value_written_by_hand_is_nothing(shape, fill):
    assert found(f"key={sample(shape[2], fill)} ") == []


@pytest.mark.parametrize("word", ["EXAMPLE", "example", "YOUR", "Placeholder", "REDACTED", "xxxx", "fake", "ChangeMe"])
def test_a_word_that_says_sample_is_believed(word):
    value = "ghp_" + generate(((BASE62, 36),), random.Random(word))
    assert len(found(value)) == 1
    assert found(value[:10] + word + value[10 + len(word) :]) == []


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AKIA" + "I44QH8DHBEXAMPLE",
        "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "gho_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "ghr_" + "1B4a2e77838347a7E420ce178F2E7c6912E169246c34E1ccbF66C46812d16D5B1A9Dc86A1498",
        "xoxb-" + "17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy",
        "xoxp-" + "1111827393-16111519414-20367011469-5f89a31i07",
        "xoxb-" + "123456789012-1234567890123-1a2B3c4D5e6F7g8H9i0J1k2L",
        "https://hooks.slack.com/services/" + "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "110201543" + ":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        "123456789" + ":AAExampleTokenOfABotForDocsOnly01234",
        "ghp_" + "q7Zk3mX9" * 4 + "q7Zk",
        "sk-ant-api03-...",
        "sk-proj-<your key>",
        "sk_live_" + "xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "ghp_<<token>>",
        "AIza${GOOGLE_KEY}",
        "OPENAI_API_KEY=sk-...",
        "SG.{{ sendgrid }}",
        "risk-based, task-oriented, sk-SQLAlchemy and Flask-Migrate",
        "postgres://user:password@localhost:5432/app",
        "eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo",
        "d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_documented_and_unfinished_values_are_nothing(text):
    assert found(f"Set it to {text} first.") == []


def pem(label: str, der: bytes, width: int = 64) -> str:
    lines = wrap(b64encode(der).decode(), width)
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"])


def key_bytes(length: int, seed: int = 7) -> bytes:
    """A DER sequence of random content: as far as the check looks, a key."""
    return b"\x30\x82" + length.to_bytes(2, "big") + random.Random(seed).randbytes(length)


@pytest.mark.parametrize("label", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"])
def test_a_private_key_is_found_whole(label):
    for length in (600, 1190, 2350):
        key = pem(label, key_bytes(length))
        crlf, escaped, indented = (key.replace("\n", mark) for mark in ("\r\n", r"\n", "\n    "))
        for text in (key, crlf, escaped, indented):
            assert found(f"Key:\n{text}\nEnd.") == [("PEM", "private key", text)]


def test_other_private_keys_are_found():
    small = b"\x30\x2e" + random.Random(1).randbytes(46)  # Ed25519: one line, its length in one byte
    medium = b"\x30\x81\x87" + random.Random(2).randbytes(135)  # P-256: three lines, its length in the second
    # OpenSSH starts with its name and a run of zeros, that is of `A`s.
    openssh = b"openssh-key-v1" + bytes(4) + b"\x04none" + bytes(11) + b"\x01" + random.Random(3).randbytes(220)
    for key in (pem("PRIVATE KEY", small), pem("PRIVATE KEY", medium), pem("OPENSSH PRIVATE KEY", openssh, 70)):
        assert found(key) == [("PEM", "private key", key)]
    legacy = pem("RSA PRIVATE KEY", random.Random(4).randbytes(600))
    legacy = legacy.replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n", 1)
    assert found(legacy) == [("PEM", "private key", legacy)]
    pgp = pem("PGP PRIVATE KEY BLOCK", b"\x95" + random.Random(5).randbytes(500))
    pgp = pgp.replace("-----\n", "-----\nVersion: GnuPG v2\n\n", 1).replace("\n-----END", "\n=aB3d\n-----END")
    assert found(pgp) == [("PEM", "private key", pgp)]


def test_two_keys_are_two():
    first, second = pem("PRIVATE KEY", key_bytes(600, 1)), pem("PRIVATE KEY", key_bytes(600, 2))
    assert [value for _, _, value in found(f"{first}\n{second}")] == [first, second]


@pytest.mark.parametrize(
    "text",
    [
        "Look for `-----BEGIN RSA PRIVATE KEY-----` in the diff.",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n<your key>\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ...\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n" + "x" * 64 + "\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n<<private_key>>\n-----END PRIVATE KEY-----",
        pem("PUBLIC KEY", key_bytes(600)),
        pem("CERTIFICATE", key_bytes(600)),
        pem("RSA PRIVATE KEY", key_bytes(1190)[:96]),  # the first two lines of a longer one
        pem("OPENSSH PRIVATE KEY", b"openssh-key-v1" + random.Random(6).randbytes(60), 70),
    ],
)
def test_talk_about_private_keys_is_nothing(text):
    assert found(text) == []


def test_the_documented_key_of_a_well_known_site_is_nothing():
    key = pem("PRIVATE KEY", key_bytes(1190))
    line = key.split("\n")[1]
    assert found(key.replace(line, line[:44] + "7VJTUt9Us8" + "cKj" + line[57:])) == []


def test_several_are_in_order_and_a_sample_hides_none():
    rng = random.Random(11)
    github, aws = "ghp_" + generate(((BASE62, 36),), rng), "AKIA" + generate(((BASE32, 16),), rng)
    again = "ghp_" + generate(((BASE62, 36),), rng)
    text = f"ghp_{'x' * 36} {github} {aws} ghp_ghp_ {again}"
    assert [value for _, _, value in found(text)] == [github, aws, again]


@pytest.mark.parametrize("fmt", FORMATS, ids=lambda fmt: f"{fmt.provider}-{fmt.prefixes[0]}")
def test_a_megabyte_of_near_misses_completes(fmt: SecretFormat):
    prefix = fmt.prefixes[0]
    for text in (prefix * (1_000_000 // len(prefix)), prefix + "aZ9_" * 250_000, (prefix + "aZ9\n") * 100_000):
        assert find_secrets(text) == []


def test_a_megabyte_of_unfinished_private_keys_completes():
    head = "-----BEGIN PRIVATE KEY-----\n"
    for text in (head * 35_000, head + "\n" * 1_000_000, head + "Ab: c\n" * 160_000, (head + "a" * 63 + "\n") * 10_000):
        assert find_secrets(text) == []
