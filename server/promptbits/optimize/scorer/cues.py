"""Words that say what a prompt asks for: a table from word to cues, so that one look-up per word finds them all."""

from __future__ import annotations

_LISTS: dict[str, str] = {
    "negation": "not no never none nothing neither nor cannot don't doesn't won't avoid without isn't aren't can't",
    "obligation": "must should shall need needs required require requires have ensure always make sure",
    "permission": "can could may might would will",
    "format": "format json list bullet table markdown output return print write number letter word words line single"
    " short brief concise sentence",
    "example": "example examples instance e.g such like following below given above",
    "role": "you your you're assistant expert act role professional",
    "politeness": "please kindly thank thanks could",
    "reasoning": "think step steps reason reasoning explain explanation because first then finally logic logical"
    " carefully why analyze consider determine",
    "choice": "option options choice choices choose select pick either or whether alternatives",
    "verdict": "yes no true false valid invalid correct incorrect right wrong",
    "question": "what which who whom whose when where why how",
    "exactness": "only just exactly strictly all every each any both same",
    "hedge": "perhaps maybe possibly probably somewhat generally usually often try might seems likely",
    "answer": "answer answers response respond reply result solution",
    "task": "task problem question questions instructions instruction input context text sentence passage",
    "imperative": "write answer give provide find identify determine select choose list explain describe read use"
    " complete solve respond return consider think generate create classify decide tell state name sort order review"
    " check keep add follow output pick evaluate compare analyze summarize translate",
    "function": "the a an of to in is are be that this it and for with on as by from at",
    "person": "i me my we us our let's let",
}
CUES: tuple[str, ...] = tuple(_LISTS)


def _table() -> dict[str, tuple[int, ...]]:
    table: dict[str, tuple[int, ...]] = {}
    for at, words in enumerate(_LISTS.values()):
        for word in words.split():
            table[word] = (*table.get(word, ()), at)
    return table


TABLE: dict[str, tuple[int, ...]] = _table()
"""Each word with the places of its cues in CUES."""
