"""What was made of working drafts."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AmendmentView, CarriedSectionView
from drafting.protocol.words import DraftId, SectionId, VersionId


class DraftTabled(Wire):
    """A delegation or a closed group tabled these amendments from its working draft, which is not named."""

    kind: Literal["draft_tabled"] = "draft_tabled"
    amendments: list[AmendmentView]


class AmendmentRedrafted(Wire):
    """An amendment was revised to what its working draft says; ``amendment`` is how it stands now."""

    kind: Literal["amendment_redrafted"] = "amendment_redrafted"
    amendment: AmendmentView


class DraftCarriedOver(Wire):
    """The working draft stands on the version ``base`` now. ``open``: the conflicts and the orphans."""

    kind: Literal["draft_carried_over"] = "draft_carried_over"
    draft: DraftId
    base: VersionId
    open: list[CarriedSectionView]


class SectionReset(Wire):
    """A section of the working draft reads and stands again as in its base."""

    kind: Literal["section_reset"] = "section_reset"
    draft: DraftId
    section: SectionId
