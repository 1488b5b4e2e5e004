"""Documents and variables that are sent to keep a service busy: each small to write, and none of them a question."""

import json
from typing import Any, Final


def doubling(levels: int, inmost: str = "fragment f{} on Query {{ __typename }}") -> str:
    """Each fragment spreads the next one twice: 2 to the power of `levels` in a few bytes for each."""
    fragments = "".join(f"fragment f{n} on Query{{...f{n + 1} ...f{n + 1}}}" for n in range(levels))
    return "{...f0}" + fragments + inmost.format(levels)


def nested(levels: int, before: str, after: str) -> str:
    return before * levels + after * levels


DOCUMENTS: Final = {
    "deep nesting": nested(1_900, "{a", "}"),
    "deep nesting that parses": nested(150, "{a", "}"),
    "deep inline fragments": "{" + nested(150, "...{", "}") + "}",
    "aliases": "{" + " ".join(f"a{n}:__typename" for n in range(320)) + "}",
    "aliases below": "{statistics{groups{" + " ".join(f"a{n}:plans" for n in range(320)) + "}}}",
    "many questions": "{" + "statistics{totals{plans}}" * 140 + "}",
    "many operations": " ".join(f"query q{n}{{__typename}}" for n in range(190)),
    "the same name for many operations": "query q{__typename}" * 190,
    "737 bytes of doubling fragments": doubling(18, "fragment f{} on Query {{ ... on Query{{__typename}} }}"),
    "doubling fragments": doubling(29),
    "more doubling fragments": doubling(110),
    "doubling fragments with aliases": doubling(25, "fragment f{} on Query {{ a:__typename b:__typename }}"),
    "fragments that spread all others": "{...f0}"
    + "".join(f"fragment f{n} on Query{{" + "".join(f"...f{m} " for m in range(n + 1, 30)) + "}" for n in range(29))
    + "fragment f29 on Query{__typename}",
    "circular fragments": "{...a}fragment a on Query{...b}fragment b on Query{...c}fragment c on Query{...a}",
    "a fragment that spreads itself often": "{...a}fragment a on Query{" + "...a " * 400 + "}",
    "idle fragments": "{__typename}" + "".join(f"fragment f{n} on Query{{__typename}}" for n in range(120)),
    "a huge text": '{plan(id:"' + "x" * 19_900 + '"){id}}',
    "a huge block of text": '{plan(id:"""' + "\n" * 19_900 + '"""){id}}',
    "a huge number": "{students(first:" + "9" * 19_900 + "){pageInfo{hasNextPage}}}",
    "a huge name": "{" + "x" * 19_900 + "}",
    "a huge list": "{statistics(by:[" + "REGION " * 900 + "]){totals{plans}}}",
    "a list of numbers": "{statistics(by:[" + "1 " * 900 + "]){totals{plans}}}",
    "nested lists": "{statistics(by:" + nested(200, "[", "]") + "){totals{plans}}}",
    "nested objects": "{statistics(where:" + nested(200, "{a:", "}").replace("{a:}", "{a:1}") + "){totals{plans}}}",
    "directives": "{__typename" + "@include(if:true)" * 150 + "}",
    "unknown directives": "{__typename" + "@a" * 450 + "}",
    "directives of the operation": "query q" + "@a" * 450 + "{__typename}",
    "tokens": "{" + "a " * 9_900 + "}",
    "commas and comments": "," * 10_000 + "#" + "x" * 9_900,
    "the same field again and again": "{statistics{groups{" + "plans " * 900 + "}}}",
    "the same fields below the same fields": "{statistics{" + ("groups{" + "plans " * 20 + "}") * 40 + "}}",
    "unknown fields": "{statistics{groups{" + " ".join(f"plan{n}" for n in range(900)) + "}}}",
    "unknown arguments": "{statistics(" + " ".join(f"b{n}:1" for n in range(290)) + "){totals{plans}}}",
    "variables that are declared": "query q(" + " ".join(f"$v{n}:Int" for n in range(240)) + "){__typename}",
    "pages below pages": "{students(first:100){edges{node{plans{interventions(first:100){edges{node{id}}}}}}}}",
    "the schema of the schema": "{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}",
    "the schema, many times": "{" + "".join(f"a{n}:__schema{{types{{name}}}}" for n in range(60)) + "}",
    "a subscription": "subscription{__typename}",
    "nothing": " ",
    "bytes that are no document": "\u0000\ufffd" * 5_000,
    "deep introspection": "{__schema{types{" + nested(60, "ofType{", "}") + "}}}",
}

ASKED: Final = "query q($by: [Dimension!]) { statistics(by: $by) { totals { plans } } }"

VARIABLES: Final[dict[str, Any]] = {
    "many": {f"v{n}": n for n in range(4_000)},
    "a long list": {"by": ["REGION"] * 9_000},
    "a long text": {"by": ["x" * 90_000]},
    "a long name": {"x" * 90_000: 1},
    "deep": {"by": json.loads(nested(400, "[", "]"))},
    "a large number": {"by": [10**4_000]},
    "half a surrogate": {"by": "\ud800"},
    "half a surrogate in a list": {"by": ["\ud800"]},
    "half a surrogate in a name": {"by": {"\ud800": 1}},
    "half a surrogate for a name": {"\ud800": 1},
}
