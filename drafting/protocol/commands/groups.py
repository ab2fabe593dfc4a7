"""Closed groups: founding, changing and dissolving them, and what they report back."""

from typing import Annotated, Literal

from pydantic import Field

from drafting.protocol.commands.base import Name, OnDocument
from drafting.protocol.words import AmendmentId, Code

Members = Annotated[list[Code], Field(min_length=1, max_length=300)]


class FoundGroup(OnDocument):
    """Found a closed group of delegations, which drafts apart. Its code is no delegation's and is never used again."""

    kind: Literal["found_group"] = "found_group"
    code: Code
    name: Name
    members: Members


class ChangeGroup(OnDocument):
    """Say who is in a closed group from now on, and what it is called. New members see what it wrote before."""

    kind: Literal["change_group"] = "change_group"
    code: Code
    members: Members
    name: Name | None = None


class DissolveGroup(OnDocument):
    """Dissolve a closed group. Those who were in it can still read what it wrote, and write nothing more."""

    kind: Literal["dissolve_group"] = "dissolve_group"
    code: Code


class ReportBack(OnDocument):
    """Bring a closed group's text before plenary, as an amendment of those of its members that sponsor it."""

    kind: Literal["report_back"] = "report_back"
    group: Code
    amendment: AmendmentId
    sponsors: Members
