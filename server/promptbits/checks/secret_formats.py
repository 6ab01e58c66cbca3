"""Token formats of well-known providers, and where they occur in a text.

Only formats with a fixed prefix, a known alphabet and a known length are listed: nothing is guessed from
entropy. Every entry names the public page that its prefix and length were taken from. Values that are plainly
samples (`ghp_xxxxxxxx…`, `AKIA…EXAMPLE`, `…123456…`) are not reported: prompts are full of them.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class SecretFormat:
    """One kind of credential.

    Attributes:
        provider: Who issues it, as a reader would say it.
        name: What it is, in lower case where grammar allows: "GitHub" + "personal access token".
        prefixes: Literal strings one of which is in every such credential; looked for before the pattern.
        pattern: The whole credential with its boundaries; group `body` is what must not look like a sample.
        source: Public page that documents prefix and length.
        leads: How many characters of the credential may stand before its prefix (0 for nearly all).
    """

    provider: str
    name: str
    prefixes: tuple[str, ...]
    pattern: re.Pattern[str]
    source: str
    leads: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class SecretMatch:
    """A credential in a text, in code points. Its text is deliberately not kept."""

    start: int
    end: int
    format: SecretFormat


# Explicit classes, because `\w` and `\d` would accept letters and digits of every script.
_B62 = "[A-Za-z0-9]"
_URL = "[A-Za-z0-9_-]"
_HEX = "[0-9a-f]"

# A credential does not begin inside a word. It does not end inside one either, nor just before an ellipsis
# or a mask, where the author has visibly left something out.
_START = r"(?<![A-Za-z0-9_])"
_END = r"(?![A-Za-z0-9_-]|\.\.|…|\*)"

_GITLEAKS = "https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml"
_TRUFFLEHOG = "https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors"
_GITHUB_2021 = "https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available"
_GITHUB_2026 = "https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/"
_GITLAB_ROUTABLE = "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/169322"
_SENDGRID = "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"


def _format(provider: str, name: str, prefixes: str, body: str, source: str) -> SecretFormat:
    """Builds an entry from space-separated prefixes and the pattern of what follows them."""
    heads = tuple(prefixes.split())
    start = "|".join(re.escape(head) for head in heads)
    return SecretFormat(provider, name, heads, re.compile(f"{_START}(?:{start})(?P<body>{body}){_END}"), source)


def _telegram() -> SecretFormat:
    """A bot's token: its numeric id, a colon, then 35 characters which in practice start with `AA`."""
    pattern = rf"{_START}[0-9]{{8,10}}:AA(?P<body>{_URL}{{33}}){_END}"
    source = f"{_TRUFFLEHOG}/telegrambottoken"
    return SecretFormat("Telegram", "bot token", (":AA",), re.compile(pattern), source, leads=(8, 9, 10))


def _private_key() -> SecretFormat:
    r"""A PEM private key with a body; the label alone is only talk about keys.

    Lines break at a real line break or at the two characters `\n`, as in a key pasted from JSON. RFC 7468 and
    OpenPGP fill lines to 64 characters and OpenSSH to 70, so a first line shorter than that is an abbreviation.
    All repetition is possessive: a long text that only begins like a key is read once.
    """
    line_break = r"(?:[ \t]*+(?:\r?\n|(?:\\r)?\\n)[ \t]*+)"
    label = r"(?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY|PGP PRIVATE KEY BLOCK"
    headers = rf"(?:[A-Z][A-Za-z-]{{2,20}}: [^\r\n\\]{{1,120}}{line_break}++){{0,8}}+"
    body = rf"[A-Za-z0-9+/]{{64,}}+=*+(?:{line_break}[A-Za-z0-9+/=]++)*+"
    pattern = rf"-----BEGIN (?:{label})-----{line_break}++{headers}(?P<body>{body})"
    pattern += rf"(?:{line_break}*+-----END (?:{label})-----)?"
    source = "https://www.rfc-editor.org/rfc/rfc7468"
    return SecretFormat("PEM", "private key", ("-----BEGIN ",), re.compile(pattern), source)


_PRIVATE_KEY = _private_key()

# fmt: off
FORMATS: tuple[SecretFormat, ...] = (
    _format("GitHub", "personal access token", "ghp_", rf"{_B62}{{36}}", _GITHUB_2021),
    _format("GitHub", "fine-grained personal access token", "github_pat_", rf"{_B62}{{22}}_{_B62}{{59}}",
            f"{_TRUFFLEHOG}/github/v2"),
    _format("GitHub", "OAuth or app token", "gho_ ghu_ ghs_", rf"{_B62}{{36}}", _GITHUB_2021),
    _format("GitHub", "app installation token", "ghs_",
            rf"(?:[0-9]{{1,12}}_)?eyJ{_URL}{{10,200}}\.{_URL}{{40,900}}\.{_URL}{{40,900}}", _GITHUB_2026),
    _format("GitHub", "app refresh token", "ghr_", rf"{_B62}{{36}}(?:{_B62}{{40}})?",
            f"{_TRUFFLEHOG}/github/v2"),
    _format("GitLab", "access token", "glpat-",
            rf"(?:{_URL}{{20}}|{_URL}{{27,300}}\.[0-9a-z]{{2}}(?:[0-9a-z]{{7}}|\.[0-9a-z]{{9}}))", _GITLAB_ROUTABLE),
    _format("GitLab", "deploy, runner or feed token", "gldt- glrt- glft-", rf"{_URL}{{20}}", _GITLEAKS),
    _format("AWS", "access key ID", "AKIA ASIA", "[A-Z2-7]{16}", _GITLEAKS),
    _format("OpenAI", "API key", "sk-",
            rf"(?:(?:proj|svcacct|service|admin)-)?{_URL}{{20,80}}T3BlbkFJ{_URL}{{20,80}}",
            f"{_TRUFFLEHOG}/openai"),
    _format("Anthropic", "API key", "sk-ant-api03- sk-ant-admin01-", rf"{_URL}{{93}}AA",
            f"{_TRUFFLEHOG}/anthropic"),
    _format("Google", "API key", "AIza", rf"{_URL}{{35}}", _GITLEAKS),
    _format("Groq", "API key", "gsk_", rf"{_B62}{{52}}", f"{_TRUFFLEHOG}/groq"),
    _format("OpenRouter", "API key", "sk-or-v1-", rf"{_HEX}{{64}}", f"{_TRUFFLEHOG}/openrouter"),
    _format("Perplexity", "API key", "pplx-", rf"{_B62}{{48}}", _GITLEAKS),
    _format("Replicate", "API token", "r8_", rf"{_URL}{{37}}", f"{_TRUFFLEHOG}/replicate"),
    _format("Hugging Face", "access token", "hf_", rf"{_B62}{{34}}", f"{_TRUFFLEHOG}/huggingface"),
    _format("Slack", "bot token", "xoxb-", rf"[0-9]{{10,13}}-[0-9]{{10,13}}-{_B62}{{20,30}}", f"{_TRUFFLEHOG}/slack"),
    _format("Slack", "user token", "xoxp-", rf"(?:[0-9]{{10,13}}-){{3}}{_B62}{{28,34}}", _GITLEAKS),
    _format("Slack", "webhook URL", "https://hooks.slack.com/services/",
            rf"T[A-Z0-9]{{8,12}}/B[A-Z0-9]{{8,12}}/{_B62}{{23,25}}", f"{_TRUFFLEHOG}/slackwebhook"),
    _format("Stripe", "live secret key", "sk_live_ rk_live_", rf"{_B62}{{20,247}}", f"{_TRUFFLEHOG}/stripe"),
    _format("Twilio", "API key SID", "SK", rf"{_HEX}{{32}}", "https://www.twilio.com/docs/glossary/what-is-a-sid"),
    _format("SendGrid", "API key", "SG.", rf"{_URL}{{22}}\.{_URL}{{43}}", _SENDGRID),
    _format("npm", "access token", "npm_", rf"{_B62}{{36}}",
            "https://github.blog/security/announcing-npms-new-access-token-format"),
    _format("PyPI", "API token", "pypi-AgEIcHlwaS5vcmc", rf"{_URL}{{50,300}}", _GITLEAKS),
    _format("DigitalOcean", "token", "dop_v1_ doo_v1_ dor_v1_", rf"{_HEX}{{64}}", f"{_TRUFFLEHOG}/digitaloceanv2"),
    _format("Shopify", "access token", "shpat_ shpca_ shppa_ shpss_", "[0-9a-fA-F]{32}", _GITLEAKS),
    _telegram(),
    _format("Discord", "webhook URL",
            "https://discord.com/api/webhooks/ https://discordapp.com/api/webhooks/",
            rf"[0-9]{{17,20}}/{_URL}{{68}}", f"{_TRUFFLEHOG}/discordwebhook"),
    _format("Databricks", "access token", "dapi", rf"{_HEX}{{32}}(?:-[0-9])?", _GITLEAKS),
    _format("Doppler", "service token", "dp.st.", rf"(?:[a-z0-9_-]{{2,35}}\.)?{_B62}{{40,44}}",
            f"{_TRUFFLEHOG}/doppler"),
    _format("Doppler", "token", "dp.pt. dp.ct. dp.sa. dp.scim. dp.audit.", rf"{_B62}{{40,44}}",
            f"{_TRUFFLEHOG}/doppler"),
    _format("Linear", "API key", "lin_api_", rf"{_B62}{{40}}", _GITLEAKS),
    _format("Notion", "API token", "ntn_", rf"[0-9]{{11}}{_B62}{{35}}", _GITLEAKS),
    _format("Postman", "API key", "PMAK-", rf"{_HEX}{{24}}-{_HEX}{{34}}", _GITLEAKS),
    _format("Grafana", "service account token", "glsa_", rf"{_B62}{{32}}_[0-9a-fA-F]{{8}}", _GITLEAKS),
    _format("Grafana", "cloud access policy token", "glc_eyJ", "[A-Za-z0-9+/]{60,400}={0,2}", f"{_TRUFFLEHOG}/grafana"),
    _format("Docker", "personal access token", "dckr_pat_", rf"{_URL}{{27}}", f"{_TRUFFLEHOG}/dockerhub/v2"),
    _format("Docker", "organization access token", "dckr_oat_", rf"{_URL}{{32}}", f"{_TRUFFLEHOG}/dockerhub/v2"),
    _format("Vault", "service token", "hvs.", rf"{_URL}{{90,120}}", _GITLEAKS),
    _format("Vault", "batch token", "hvb.", rf"{_URL}{{138,300}}", _GITLEAKS),
    _format("age", "secret key", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", _GITLEAKS),
    _PRIVATE_KEY,
)
# fmt: on

# Values printed in the providers' own documentation, without their prefix.
_DOCUMENTED = (
    "16C7e42F292c6912E7710c838347Ae178B4a",  # GitHub, every kind of access token
    "1B4a2e77838347a7E420",  # GitHub, refresh token
    "pdFZKVeTuE8sk7oOcBrzbqgy",  # Slack, oauth.v2.access
    "HdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",  # Telegram, Bot API
    "7VJTUt9Us8cKj",  # the RSA key of jwt.io
)
_SAMPLE_WORDS = re.compile(
    "example|sample|placeholder|your|dummy|fake|redact|change_?me|replace|insert|secret|xxxx|test|mock|demo"
    "|token|api[_-]?key|my_?key|here|foobar|abc123",
    re.IGNORECASE,
)
_SAMPLE_RUN = 6
_DER_SEQUENCE = 0x30


def find_secrets(text: str) -> list[SecretMatch]:
    """Finds credentials in a text, in order, samples left out. Linear in the length of the text."""
    found = [match for fmt in FORMATS for match in _matches(text, fmt)]
    return sorted(found, key=lambda match: (match.start, match.end))


def _matches(text: str, fmt: SecretFormat) -> Iterator[SecretMatch]:
    """Yields the credentials of one format; substring search first, as almost no text has the prefix."""
    for prefix in fmt.prefixes:
        at = text.find(prefix)
        while at != -1:
            end = at + len(prefix)
            for lead in fmt.leads:
                match = fmt.pattern.match(text, at - lead) if lead <= at else None
                if match is not None:
                    end = match.end()
                    if not _is_sample(match["body"]) and not (fmt is _PRIVATE_KEY and _is_cut(match["body"])):
                        yield SecretMatch(match.start(), end, fmt)
                    break
            at = text.find(prefix, end)


def _is_sample(body: str) -> bool:
    """Whether the variable part of a credential was plainly written by hand."""
    body = body[:4096]
    if len(set(body)) < _SAMPLE_RUN or any(known in body for known in _DOCUMENTED):
        return True
    # Keys of many lines are only judged by their beginning: in so much base64 any short word turns up.
    if _SAMPLE_WORDS.search(body, 0, 100):
        return True
    # Nor by short runs: OpenSSH begins with zeros, and base64 writes them as a row of `A`s.
    run = _SAMPLE_RUN if len(body) < 300 else len(body) // 16
    letters = "".join(char for char in body.lower() if char.isalpha())
    digits = "".join(char for char in body if char.isdigit())
    return (
        _longest_run(body, 0) >= run
        or any(_longest_run(part, step) >= run for part in (letters, digits) for step in (1, -1))
        or any(body[period:] == body[:-period] for period in range(1, min(len(body) // 2, 80) + 1))
    )


def _is_cut(body: str) -> bool:
    """Whether a PEM body is shorter than the key it begins, as in documentation that shows a line or two."""
    base64 = re.sub(r"\\[rn]|[^A-Za-z0-9+/]", "", body)
    head = a2b_base64(base64[:8])
    if head[0] != _DER_SEQUENCE:  # OpenSSH, OpenPGP or a legacy encrypted key: none is shorter than this.
        return len(base64) < 150
    # DER states its length: in one byte, or in the bytes that a first byte above 0x80 counts.
    more = max(head[1] - 0x80, 0)
    declared = int.from_bytes(head[2 : 2 + more], "big") if more else head[1]
    return len(base64) * 3 // 4 < 2 + more + declared


def _longest_run(chars: str, step: int) -> int:
    """Length of the longest run in which each character is `step` code points after the one before it."""
    longest = length = min(len(chars), 1)
    for before, after in pairwise(chars):
        length = length + 1 if ord(after) - ord(before) == step else 1
        longest = max(longest, length)
    return longest
