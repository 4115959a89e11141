"""What a client lives through with one jar: tricky fields, and where each comes from."""

from parity_tests.browser.tricky import ATTRIBUTES, DATES, EXPIRIES, PAIRS

HOST = "http://127.0.0.1/a/b/c"
LOCAL = "http://www.shop.localhost/a/b/c"
"""Secure without TLS, and with room for a Domain above."""
SHOP = "http://www.shop.example/a/b/c"
"""Not secure."""

History = list[tuple[str, str]]
"""Addresses, each with the field that its answer sets."""

PATHS: dict[str, History] = {
    "none": [(HOST, "a=b")],
    "none, from the root": [("http://127.0.0.1/", "a=b")],
    "none, from below the root": [("http://127.0.0.1/a", "a=b")],
    "none, from a directory": [("http://127.0.0.1/a/b/", "a=b")],
    "none, with a query": [("http://127.0.0.1/a?b/c", "a=b")],
    "none, from an escaped path": [("http://127.0.0.1/a%20b/c", "a=b")],
    "none, from an escaped slash": [("http://127.0.0.1/a/b%2Fc", "a=b")],
    "empty": [(HOST, "a=b; Path=")],
    "without a value": [(HOST, "a=b; Path")],
    "relative": [(HOST, "a=b; Path=b")],
    "elsewhere": [(HOST, "a=b; Path=/elsewhere")],
    "with a slash at its end": [(HOST, "a=b; Path=/a/")],
    "with two slashes": [(HOST, "a=b; Path=//a")],
    "with dots": [(HOST, "a=b; Path=/a/../a/b")],
    "with an escape": [(HOST, "a=b; Path=/a%2Fb")],
    "with a space": [(HOST, "a=b; Path=/a b")],
    "with a query": [(HOST, "a=b; Path=/a?b")],
    "with a fragment": [(HOST, "a=b; Path=/a#b")],
    "with non-ASCII": [(HOST, "a=b; Path=/\xc3\xa9")],
    "with a comma": [(HOST, "a=b; Path=/a,b")],
    "in capitals": [(HOST, "a=b; Path=/A/B")],
    "with an equals sign": [(HOST, "a=b; Path=/a=b")],
}

DOMAINS: dict[str, History] = {
    "none": [(SHOP, "a=b")],
    "the host": [(SHOP, "a=b; Domain=www.shop.example")],
    "above": [(SHOP, "a=b; Domain=shop.example")],
    "with a dot": [(SHOP, "a=b; Domain=.shop.example")],
    "with two dots": [(SHOP, "a=b; Domain=..shop.example")],
    "with a dot at its end": [(SHOP, "a=b; Domain=shop.example.")],
    "a dot alone": [(SHOP, "a=b; Domain=.")],
    "in capitals": [(SHOP, "a=b; Domain=SHOP.Example")],
    "below": [(SHOP, "a=b; Domain=a.www.shop.example")],
    "beside": [(SHOP, "a=b; Domain=api.shop.example")],
    "foreign": [(SHOP, "a=b; Domain=other.example")],
    "a part of a label": [(SHOP, "a=b; Domain=hop.example")],
    "empty": [(SHOP, "a=b; Domain=")],
    "without a value": [(SHOP, "a=b; Domain")],
    "with a port": [(SHOP, "a=b; Domain=shop.example:80")],
    "quoted": [(SHOP, 'a=b; Domain="shop.example"')],
    "with a space": [(SHOP, "a=b; Domain=shop. example")],
    "two, the last foreign": [(SHOP, "a=b; Domain=shop.example; Domain=other.example")],
    "two, the first foreign": [(SHOP, "a=b; Domain=other.example; Domain=shop.example")],
    "two, the last empty": [(SHOP, "a=b; Domain=shop.example; Domain=")],
    "the address": [(HOST, "a=b; Domain=127.0.0.1")],
    "the address with a dot": [(HOST, "a=b; Domain=.127.0.0.1")],
    "a part of the address": [(HOST, "a=b; Domain=0.0.1")],
    "another address": [(HOST, "a=b; Domain=127.0.0.2")],
    "a public suffix": [(SHOP, "a=b; Domain=example")],
    "localhost": [("http://localhost/a", "a=b; Domain=localhost")],
    "below localhost": [(LOCAL, "a=b; Domain=shop.localhost")],
    "non-ASCII": [(SHOP, "a=b; Domain=b\xc3\xbccher.example")],
    "non-ASCII above": [
        ("http://www.xn--bcher-kva.example/a", "a=b; Domain=b\xc3\xbccher.example")
    ],
    "Punycode above": [("http://www.xn--bcher-kva.example/a", "a=b; Domain=xn--bcher-kva.example")],
    "an underscore": [("http://www.a_b.example/a", "a=b; Domain=a_b.example")],
}

SECURITY: dict[str, History] = {
    "Secure, not secure": [(SHOP, "a=b; Secure")],
    "Secure on an address of this machine": [(HOST, "a=b; Secure")],
    "Secure on localhost": [("http://localhost/a", "a=b; Secure")],
    "Secure below localhost": [(LOCAL, "a=b; Secure")],
    "__Secure-": [(HOST, "__Secure-a=b; Secure")],
    "__Secure- alone": [(HOST, "__Secure-a=b")],
    "__secure- alone": [(HOST, "__sECURE-a=b")],
    "__Secure- with a Domain": [(LOCAL, "__Secure-a=b; Secure; Domain=shop.localhost")],
    "__Host-": [(HOST, "__Host-a=b; Secure; Path=/")],
    "__Host- alone": [(HOST, "__Host-a=b")],
    "__host- alone": [(HOST, "__hOST-a=b")],
    "__Host- without Secure": [(HOST, "__Host-a=b; Path=/")],
    "__Host- without Path": [(HOST, "__Host-a=b; Secure")],
    "__Host- without Path, from the root": [("http://127.0.0.1/", "__Host-a=b; Secure")],
    "__Host- with another Path": [(HOST, "__Host-a=b; Secure; Path=/a")],
    "__Host- with an empty Path": [("http://127.0.0.1/", "__Host-a=b; Secure; Path=")],
    "__Host- with a Domain": [(LOCAL, "__Host-a=b; Secure; Path=/; Domain=shop.localhost")],
    "__Host- with the host as Domain": [
        (LOCAL, "__Host-a=b; Secure; Path=/; Domain=www.shop.localhost")
    ],
    "__Host- with an empty Domain": [(LOCAL, "__Host-a=b; Secure; Path=/; Domain=")],
    "__Host- alone is a name": [(HOST, "__Host-=b; Secure; Path=/")],
    "__Host is no prefix": [(HOST, "__Host=b")],
    "a prefix within": [(HOST, "a__Host-=b")],
    "a value like a prefix": [(HOST, "=__Secure-a=b; Secure")],
    "a value like another prefix": [(HOST, "=__Host-a; Secure; Path=/")],
    "a value that is a prefix": [(HOST, "__Host-; Secure; Path=/")],
    "a value in capitals like a prefix": [(HOST, "=__HOST-a=b; Secure; Path=/")],
    "a value with a prefix within": [(HOST, "=a__Host-")],
    "__Http-": [(HOST, "__Http-a=b; Secure; HttpOnly")],
    "__Http- without HttpOnly": [(HOST, "__Http-a=b; Secure")],
    "__Http- without Secure": [(HOST, "__Http-a=b; HttpOnly")],
    "__Host-Http-": [(HOST, "__Host-Http-a=b; Secure; HttpOnly; Path=/")],
    "__Host-Http- without HttpOnly": [(HOST, "__Host-Http-a=b; Secure; Path=/")],
}

HISTORIES: dict[str, History] = {
    "two": [(HOST, "b=1; Path=/"), (HOST, "a=2; Path=/")],
    "longer paths first": [(HOST, "a=1; Path=/"), (HOST, "a=2; Path=/a"), (HOST, "a=3")],
    "replaced": [(HOST, "a=1"), (HOST, "a=2; HttpOnly")],
    "replaced by the same value": [(HOST, "a=1"), (HOST, "b=2"), (HOST, "a=1")],
    "names in two cases": [(HOST, "a=1"), (HOST, "A=2")],
    "a name and none": [(HOST, "a=1"), (HOST, "a")],
    "two without a name": [(HOST, "one"), (HOST, "=two")],
    "replaced, with another set between": [(HOST, "a=1"), (HOST, "b=2"), (HOST, "a=3")],
    "removed": [(HOST, "a=1"), (HOST, "b=2"), (HOST, "a=; Max-Age=0")],
    "removed, and set again": [
        (HOST, "a=1"),
        (HOST, "b=2"),
        (HOST, "a=; Max-Age=0"),
        (HOST, "a=3"),
    ],
    "removed with another path": [(HOST, "a=1; Path=/a"), (HOST, "a=; Max-Age=0")],
    "removed with another domain": [(SHOP, "a=1; Domain=shop.example"), (SHOP, "a=; Max-Age=0")],
    "removed by one that is refused": [(SHOP, "a=1"), (SHOP, "a=; Secure; Max-Age=0")],
    "removed by one that is too long": [(HOST, "a=1"), (HOST, f"a={'v' * 4096}; Max-Age=0")],
    "a host's and a domain's": [
        (SHOP, "a=1; Path=/"),
        (SHOP, "a=2; Path=/; Domain=shop.example"),
        (SHOP, "a=3; Path=/; Domain=www.shop.example"),
    ],
    "the path in two cases": [(HOST, "a=1; Path=/a"), (HOST, "a=2; Path=/A")],
    "a session's made to last": [(HOST, "a=1"), (HOST, "a=1; Max-Age=60")],
    "a lasting one made a session's": [(HOST, "a=1; Max-Age=60"), (HOST, "a=1")],
    "many": [(HOST, f"n{number}={number}") for number in range(30)],
}


def one(table: dict[str, str], before: str = "") -> dict[str, History]:
    """Each field as a history of its own."""
    return {name: [(HOST, before + field)] for name, field in table.items()}


TABLES: dict[str, dict[str, History]] = {
    "pair": one(PAIRS),
    "attribute": one(ATTRIBUTES),
    "expiry": one(EXPIRIES),
    "date": one(DATES, "a=b; Expires="),
    "path": PATHS,
    "domain": DOMAINS,
    "security": SECURITY,
    "history": HISTORIES,
}
CASES = {
    f"{table}: {name}": case for table, cases in TABLES.items() for name, case in cases.items()
}

DEPARTURES: dict[str, str] = {
    "pair: a tab within the value": "5.6 and 5.7 let tabs through",
    "pair: a tab within the name": "5.6 and 5.7 let tabs through",
    "pair: no name and two equals signs": "5.7 looks into no value but for prefixes",
    "attribute: Partitioned without Secure": "6265bis knows no partitions",
    "expiry: Max-Age with a plus": "5.6.2 knows digits and a dash",
    "expiry: Max-Age, then none": "5.6.2 ignores what is no number, also as the last one",
    "expiry: Expires, then none": "5.6.1 ignores what is no date, also as the last one",
    "expiry: a year of five digits": "5.1.1 knows at most four",
    "expiry: before the first year": "5.1.1 ends the calendar at 1601",
    "date: a time with a tail": "5.1.1 allows one, since erratum 4148",
    "date: a day with a tail": "5.1.1 allows one, since erratum 4148",
    "date: a year with a tail": "5.1.1 allows one, since erratum 4148",
    "date: a year of three digits": "5.1.1 ends the calendar at 1601",
    "domain: a dot alone": "5.6.3 takes the dot away, and what is left is no Domain",
    "domain: a public suffix": "the jar has no list of them",
    "domain: non-ASCII above": "5.7 refuses a Domain that is not ASCII",
    "history: replaced, with another set between": "5.7 keeps the time of creation",
    "security: __Http- without HttpOnly": "6265bis knows two prefixes",
    "security: __Http- without Secure": "6265bis knows two prefixes",
    "security: __Host-Http- without HttpOnly": "6265bis knows two prefixes",
}
"""Where Chromium is not as RFC 6265bis, and why the jar is not as Chromium."""
