"""Verbs that prompts command with, and how they look as participles."""

from __future__ import annotations

import re
from typing import Final

_BASE: Final = """
    accept access acknowledge act adapt add address adhere adjust adopt aim align allow analyse analyze announce answer
    append apply approach ask assert assess assign assume attach avoid back balance base batch begin break bring build
    cache calculate call capture carry catch categorize change check choose cite clarify classify clean close collect
    combine come comment commit communicate compare compile complete compose compute conduct configure confirm consider
    construct consult contain continue convert copy count cover create declare decide declare define delete deliver
    demonstrate deploy derive describe design detect determine develop digest disable disclose discuss display
    distinguish divide document double draft draw drop edit elaborate eliminate embed emphasize enable encapsulate
    encourage enforce engage enhance ensure enter establish estimate evaluate examine exclude execute expand expect
    explain explore expose express extend extract fail favor fetch fill filter find finish fix flag focus follow format
    gather generate get give go group guess guide handle help hide highlight hold identify ignore illustrate implement
    import improve include incorporate indicate infer initialize inject insert inspect install integrate interpret
    introduce invent investigate invoke isolate iterate justify keep label lead leave let limit link list listen load
    locate log look maintain make manage map mark match measure mention merge minimize mock modify monitor move name
    note number observe offer omit open optimize order organize outline output paraphrase parse pass perform pick place
    plan point prefer prepare present preserve prevent print prioritize process produce propose protect prove provide
    publish put quote raise rank rate read recommend record reduce refactor refer reference refine reflect refuse
    register reject rely remain remember remove rename render reorganize repeat rephrase replace reply report represent
    request require research resolve respect respond restart restrict retain return reuse review revise rewrite run
    sanitize save say scan score search select send separate serve set share show simplify simulate skip solve sort
    specify split stand start state stay stick stop store strip structure study suggest summarise summarize support
    surface switch synthesize tag tailor take target tell test think throw toggle track transform translate treat trim
    truncate turn type understand update use validate verify view visualize wait warn watch wrap write
"""
BASE: Final = frozenset(_BASE.split())

# What is asked of somebody, rather than said about something: the words a bare command may begin with.
VERB: Final = rf"(?:{'|'.join(sorted(BASE, key=len, reverse=True))})\b"
ADVERB: Final = r"(?:(?:always|never|also|only|first|then|[a-z]+ly) )"
COMMAND: Final = rf"{ADVERB}?{VERB}"

_STARTS: Final = re.compile(rf"(?:(?:Always|Never|Also|Only|First|Then|[A-Z][a-z]+ly),? )?({VERB})", re.IGNORECASE)
_PROHIBITS: Final = re.compile(r"(?:Do not|Don['’]t|Never|Must not|Avoid)\b")
# Words that are as often nouns: they command only where the rest of the sentence looks like an object.
_NOUNS: Final = re.compile(
    r"(?:Test|Document|Type|Support|Access|Comment|Design|Structure|Reference|Report|Log|Batch|Cache|Process|Format|"
    r"Order|Number|Score|State|View|Point|Plan|Name|Label|Link|Map|Match|Group|List|Set|Call|Change|Break|Copy|Count|"
    r"Output|Share|Place|Record|Track|Use|Guide|Focus|Research|Study|Search|Request|Review|Update|Watch|Wait|Target|"
    r"Limit|Load|Rank|Rate|Tag|Turn|Work|Answer|Approach|Base|Filter|Flag|Import|Address|Balance|Estimate|Surface|"
    r"Switch|Help|Look|Open|Present|Double|Clean|Back|Lead|Mark|Put|Read|Type|Throw|Quote|Release|Transform|Wrap)\b"
    r"(?! (?:the|a|an|each|every|all|any|your|its|their|only|for|with|at|in|on|one|no|by|from|what|how|which|as|to|"
    r"both|them|it|this|that|these|those|\0))"
)


def is_command(sentence: str) -> bool:
    """Whether a sentence begins as an instruction does."""
    if _PROHIBITS.match(sentence):
        return True
    return _STARTS.match(sentence) is not None and _NOUNS.match(sentence) is None


# Participle -> verb, for "X should be done".
_PARTICIPLES: Final = """
    added:add analyzed:analyze applied:apply avoided:avoid backed:back built:build cached:cache called:call
    captured:capture checked:check cited:cite cleaned:clean committed:commit configured:configure converted:convert
    covered:cover created:create declared:declare defined:define deleted:delete described:describe documented:document
    encoded:encode encrypted:encrypt escaped:escape exported:export extracted:extract fetched:fetch formatted:format
    grouped:group handled:handle hashed:hash implemented:implement imported:import included:include indexed:index
    injected:inject isolated:isolate kept:keep listed:list loaded:load logged:log maintained:maintain marked:mark
    masked:mask mentioned:mention mocked:mock moved:move named:name omitted:omit optimized:optimize organized:organize
    paginated:paginate parameterized:parameterize placed:place prefixed:prefix presented:present preserved:preserve
    provided:provide put:put queried:query quoted:quote removed:remove rendered:render replaced:replace
    reported:report reviewed:review sanitized:sanitize separated:separate sorted:sort split:split stored:store
    structured:structure styled:style summarized:summarize tagged:tag tested:test treated:treat typed:type
    updated:update used:use validated:validate verified:verify versioned:version wrapped:wrap written:write
"""
PARTICIPLES: Final = {done: verb for done, _, verb in (pair.partition(":") for pair in _PARTICIPLES.split())}
