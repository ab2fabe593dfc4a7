"""What the room agrees on."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import StatusView


class StatusSet(Wire):
    """A section's exact wording has a status from now on; it takes the place of the one it had."""

    kind: Literal["status_set"] = "status_set"
    status: StatusView
