"""What happens to what is entered on behalf of a delegation."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AmendmentView
from drafting.protocol.words import AmendmentId


class AmendmentEntered(Wire):
    """A delegation made a proposal, which the secretariat wrote down for it."""

    kind: Literal["amendment_entered"] = "amendment_entered"
    amendment: AmendmentView


class EntryConfirmed(Wire):
    """A delegation confirmed what was entered on its behalf."""

    kind: Literal["entry_confirmed"] = "entry_confirmed"
    amendment: AmendmentId


class EntryCorrected(Wire):
    """The secretariat corrected what it had entered; ``amendment`` is how it stands now."""

    kind: Literal["entry_corrected"] = "entry_corrected"
    amendment: AmendmentView
