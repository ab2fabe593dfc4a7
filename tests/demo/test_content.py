"""The demonstration's content agrees with itself: every label, quoted word, delegation and decision has its ground."""

import re
import tomllib
import unicodedata
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import drafting
from drafting.domain.brackets import bracketed
from drafting.domain.merging import Merged, merge

CONTENT = Path(drafting.__file__).parent / "demo"
FILES = tuple(sorted(path.name for path in CONTENT.iterdir() if path.suffix in {".md", ".toml"}))
ROUND_ONE = ["ARV", "BOR", "CAL", "DUM", "ELD", "FEN", "GAV", "HES", "ILM", "JAS", "KEL", "LOR"]

# ISO 3166-1 alpha-3, and at the end the withdrawn codes that 3166-3 lists.
ISO_3166 = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR
BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP
CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB
GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN
KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD
MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN
PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM
SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR
UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM XKX YEM ZAF ZMB ZWE
AFI ANT ATB ATN BUR BYS CSK CTE DDR DHY FXX GEL HVO JTN MID NHB NTZ PCI PCZ PUS RHO ROM SCG SKM SUN TMP VDR WAK YMD
YUG ZAR
"""
REAL_STATES = frozenset(ISO_3166.split())


class Touch(NamedTuple):
    """What an amendment touches: characters ``start`` to ``end`` of a section of the zero draft."""

    section: str
    start: int
    end: int


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text("utf-8"))


def sections() -> dict[str, str]:
    """The text of every labelled paragraph before the annex, read plainly from the draft."""
    found: dict[str, str] = {}
    chain = [""]
    for block in (CONTENT / "call_for_action.md").read_text("utf-8").split("\n## Annex")[0].split("\n\n"):
        numbered = re.fullmatch(r"( *)(\d+|\([a-z]+\))\.? (.+)", block.strip("\n"))
        if numbered:
            depth = len(numbered[1]) // 3
            chain = [*chain[:depth], ("" if depth else "OP") + numbered[2]]
            found["".join(chain)] = numbered[3]
        elif re.match(r"\*[A-Z]", block):
            found[f"PP{len(found) + 1}"] = block.strip()
    return found


def edits(amendment: dict[str, Any]) -> list[dict[str, Any]]:
    """What the amendment proposes in the end: the revised edits where there are any."""
    proposed: list[dict[str, Any]] = amendment.get("revised", amendment["edit"])
    return proposed


def all_edits() -> list[dict[str, Any]]:
    return [edit for amendment in toml("amendments.toml")["amendment"] for edit in amendment["edit"] + edits(amendment)]


def touched(edit: dict[str, Any], draft: dict[str, str]) -> list[Touch]:
    """An added or moved section touches no wording; whatever takes no part of a section takes the whole."""
    if edit["op"] in {"add", "move"}:
        return []
    if "substitute" in edit:
        text = draft[edit["section"]]
        return [Touch(edit["section"], text.index(old), text.index(old) + len(old)) for old, _ in edit["substitute"]]
    return [Touch(label, 0, len(draft[label])) for label in edit.get("sections", [edit.get("section")])]


def overlap(one: Touch, other: Touch) -> bool:
    return one.section == other.section and one.start < other.end and other.start < one.end


def balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        if depth < 0:
            return False
    return depth == 0


def with_substitutions(text: str, edit: dict[str, Any]) -> str:
    for old, new in edit.get("substitute", []):
        text = text.replace(old, new)
    return str(edit.get("text", text))


def test_all_content_is_nfc_and_without_control_characters() -> None:
    for name in FILES:
        text = (CONTENT / name).read_text("utf-8")
        assert unicodedata.is_normalized("NFC", text), name
        assert not [sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cn"} and sign != "\n"]


def test_the_zero_draft_has_twelve_preambular_and_seventy_operative_paragraphs_numbered_through() -> None:
    labels = list(sections())
    assert labels[:12] == [f"PP{number}" for number in range(1, 13)]
    assert [label for label in labels[12:] if "(" not in label] == [f"OP{number}" for number in range(1, 71)]
    assert sum(label.count("(") == 1 for label in labels) == 25
    assert [label for label in labels if label.count("(") == 2] == ["OP12(c)(i)", "OP12(c)(ii)"]


def test_the_zero_draft_is_titled_headed_and_says_that_it_is_a_demonstration() -> None:
    text = (CONTENT / "call_for_action.md").read_text("utf-8")
    assert text.startswith("# Call for Action on Large Movements of Refugees and Migrants\n\nDemonstration text: ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Preamble",
        "A. Commitments",
        "B. Block 1: Legal pathways and conditions in countries of origin",
        "C. Block 2: Managing ongoing movements",
        "D. Block 3: Aftermath and consequences",
        "E. Follow-up and review",
        "Annex: Indicators of progress",
    ]


def test_every_paragraph_ends_as_its_place_in_the_sentence_asks() -> None:
    draft = sections()
    assert all(text.endswith(",") for label, text in draft.items() if label.startswith("PP"))
    assert draft.pop("OP70").endswith(".")
    assert all(text.endswith((";", ":")) for label, text in draft.items() if label.startswith("OP"))


def test_the_brackets_of_the_zero_draft_are_balanced_and_nested_where_planned() -> None:
    draft = sections()
    assert all(balanced(text) for text in draft.values())
    bracketed = {label: text.count("[") for label, text in draft.items() if "[" in text}
    assert bracketed == {
        "PP9": 2,
        "OP4": 1,
        "OP6": 1,
        "OP13": 1,
        "OP17": 1,
        "OP26": 1,
        "OP35": 1,
        "OP41": 1,
        "OP48(b)": 2,
        "OP53": 1,
        "OP65": 1,
        "OP66": 1,
    }


def test_thirty_six_delegations_bear_codes_of_no_real_state_in_protocol_order() -> None:
    delegations = toml("delegations.toml")["delegation"]
    codes = [delegation["code"] for delegation in delegations]
    assert len(set(codes)) == 36
    assert codes[:12] == ROUND_ONE
    assert all(re.fullmatch("[A-Z]{3}", code) for code in codes)
    assert not REAL_STATES & set(codes)
    assert [delegation["order"] for delegation in delegations] == list(range(1, 37))
    names = [delegation["short"]["en"] for delegation in delegations]
    assert names == sorted(names)


def test_every_delegation_and_the_organisation_are_named_in_three_languages() -> None:
    content = toml("delegations.toml")
    [organisation] = content["organisation"]
    for body in [*content["delegation"], organisation]:
        for form in ("short", "formal"):
            assert set(body[form]) == {"en", "ru", "ar"}
            assert re.fullmatch(r"[A-Za-z ]+", body[form]["en"])
            assert re.fullmatch(r"[\u0410-\u044f\u0451 ]+", body[form]["ru"])
            assert re.fullmatch(r"[\u0621-\u064a ]+", body[form]["ar"])
    for language in ("en", "ru", "ar"):
        assert len({delegation["short"][language] for delegation in content["delegation"]}) == 36


def test_every_delegation_has_its_head_and_the_house_its_four() -> None:
    content = toml("delegations.toml")
    capacities = {person["handle"]: person["capacities"] for person in content["participant"]}
    assert len(capacities) == len(content["participant"]) == 53
    assert len({person["name"] for person in content["participant"]}) == 53
    house = {handle: capacities.pop(handle) for handle in ("secretariat", "chair", "notes", "observer")}
    assert house == {
        "secretariat": ["secretary"],
        "chair": ["chair"],
        "notes": ["note_taker"],
        "observer": ["observer"],
    }
    for delegation in content["delegation"]:
        code = delegation["code"]
        assert capacities.pop(code.lower()) == [f"head:{code}"]
    assert capacities.pop("nc") == ["head:NC"]
    assert capacities.pop("arv3") == ["clerk:ARV"]
    assert all(held == [f"delegate:{handle[:3].upper()}"] for handle, held in capacities.items())
    assert all(handle.endswith("2") for handle in capacities)


def test_forty_amendments_of_the_twelve_delegations_are_tabled_one_after_the_other() -> None:
    amendments = toml("amendments.toml")["amendment"]
    assert len(amendments) == 40
    assert {amendment["delegation"] for amendment in amendments} == set(ROUND_ONE)
    assert all(one["at_minutes"] < other["at_minutes"] for one, other in pairwise(amendments))
    assert all(amendment["rationale"].endswith(".") for amendment in amendments)
    for amendment in amendments:
        for later in ("revised_at_minutes", "withdrawn_at_minutes"):
            assert amendment.get(later, 10_000) > amendment["at_minutes"]


def test_the_amendments_are_a_realistic_mix() -> None:
    amendments = toml("amendments.toml")["amendment"]
    kinds = [edit["op"] for amendment in amendments for edit in amendment["edit"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "replace": 31,
        "add": 5,
        "delete": 3,
        "move": 1,
        "merge": 1,
        "split": 1,
    }
    assert [len(amendment["edit"]) for amendment in amendments if len(amendment["edit"]) > 1] == [3]
    assert sum("withdrawn_at_minutes" in amendment for amendment in amendments) == 2
    assert sum("revised" in amendment for amendment in amendments) == 2
    replaced = [edit["section"] for amendment in amendments for edit in amendment["edit"] if "section" in edit]
    assert {label: replaced.count(label) for label in replaced if replaced.count(label) > 1} == {
        "OP7": 2,
        "OP13": 5,
        "OP20": 4,
        "OP31": 4,
        "OP33": 3,
        "OP37": 2,
        "OP53": 4,
    }


def test_every_section_that_an_edit_names_stands_in_the_zero_draft() -> None:
    draft = sections()
    for edit in all_edits():
        named = [edit[field] for field in ("section", "after") if field in edit] + edit.get("sections", [])
        assert named
        assert set(named) <= set(draft), edit


def test_the_old_words_of_every_substitution_stand_exactly_once_in_their_section() -> None:
    draft = sections()
    for edit in all_edits():
        for old, new in edit.get("substitute", []):
            assert draft[edit["section"]].count(old) == 1, old
            assert old != new


def test_every_wording_proposed_changes_something_balances_its_brackets_and_ends_as_a_paragraph_should() -> None:
    draft = sections()
    for edit in all_edits():
        if edit["op"] in {"delete", "move"}:
            continue
        base = draft[edit["section"]] if edit["op"] == "replace" else ""
        for text in edit.get("texts", [with_substitutions(base, edit)]):
            assert text != base
            assert balanced(text)
            assert text.endswith("," if "PP" in edit.get("section", edit.get("after", "")) else ";")
            assert text == " ".join(text.split())


def test_every_amendment_that_was_not_withdrawn_has_a_fate_and_a_sentence_for_the_record() -> None:
    for amendment in toml("amendments.toml")["amendment"]:
        if "withdrawn_at_minutes" in amendment:
            assert not {"fate", "reason", "redraft_text"} & set(amendment)
            continue
        assert amendment["fate"] in {"incorporate", "bracket", "not_retained", "redraft"}
        assert amendment["reason"].endswith(".")
        assert ("redraft_text" in amendment) == (amendment["fate"] == "redraft")


def test_a_redraft_is_of_one_section_and_keeps_its_brackets_balanced() -> None:
    for amendment in toml("amendments.toml")["amendment"]:
        if amendment.get("fate") == "redraft":
            [edit] = edits(amendment)
            assert edit["op"] in {"replace", "delete"}
            assert balanced(amendment["redraft_text"])
            assert amendment["redraft_text"] == " ".join(amendment["redraft_text"].split())


def test_the_fates_can_be_carried_out_one_after_the_other() -> None:
    """What is incorporated or bracketed overlaps nothing that was before it, and nothing but redrafts follow one."""
    draft = sections()
    changing = [
        (amendment["fate"], touch)
        for amendment in toml("amendments.toml")["amendment"]
        if amendment.get("fate", "not_retained") != "not_retained"
        for edit in edits(amendment)
        for touch in touched(edit, draft)
    ]
    for (earlier, one), (later, other) in combinations(changing, 2):
        if later != "redraft":
            assert not overlap(one, other)
            assert earlier != "redraft" or one.section != other.section


def test_no_rewording_clashes_word_by_word_with_what_was_decided_before_it() -> None:
    draft = sections()
    current = dict(draft)
    for amendment in toml("amendments.toml")["amendment"]:
        fate = amendment.get("fate", "not_retained")
        for edit in edits(amendment):
            if fate == "redraft":
                assert current[edit["section"]] != amendment["redraft_text"]
                current[edit["section"]] = amendment["redraft_text"]
            elif edit["op"] == "replace" and fate != "not_retained":
                label = edit["section"]
                merged = merge(draft[label], current[label], with_substitutions(draft[label], edit))
                assert isinstance(merged, Merged), (amendment["delegation"], label)
                assert merged.text != current[label]
                current[label] = merged.text if fate == "incorporate" else bracketed(current[label], merged.text)


def test_sixteen_comments_are_posted_in_order_by_known_participants_for_known_audiences() -> None:
    people = {person["handle"]: person["capacities"] for person in toml("delegations.toml")["participant"]}
    comments = toml("comments.toml")["comment"]
    assert len(comments) == 16
    assert all(one["at_minutes"] < other["at_minutes"] for one, other in pairwise(comments))
    assert {comment["audience"] for comment in comments} == {"all", "secretariat", "own"}
    for comment in comments:
        [capacity] = people[comment["participant"]]
        assert capacity.partition(":")[2] == comment.get("delegation", "")
        assert capacity == "secretary" or comment["delegation"] in ROUND_ONE


def test_every_comment_hangs_on_one_thing_that_was_there_before_it() -> None:
    draft = sections()
    amendments = toml("amendments.toml")["amendment"]
    comments = toml("comments.toml")["comment"]
    for position, comment in enumerate(comments):
        assert len({"on", "amendment", "reply_to"} & set(comment)) == 1
        if "on" in comment:
            assert draft[comment["on"]].count(comment.get("quote", draft[comment["on"]])) == 1
        elif "amendment" in comment:
            assert amendments[comment["amendment"] - 1]["at_minutes"] < comment["at_minutes"]
        else:
            assert 1 <= comment["reply_to"] <= position
            thread = comments[comment["reply_to"] - 1]
            assert comment["audience"] == thread["audience"]
            assert comment["audience"] != "own" or comment["delegation"] == thread["delegation"]
