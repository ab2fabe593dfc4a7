"""What happens to a process and its people."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import DelegationView


class ProcessCreated(Wire):
    """A forum was founded."""

    kind: Literal["process_created"] = "process_created"
    process: str
    name: str
    secretary: str


class DelegationAdmitted(Wire):
    """A delegation was entered in the secretariat's table."""

    kind: Literal["delegation_admitted"] = "delegation_admitted"
    delegation: DelegationView


class DelegationCorrected(Wire):
    """A delegation's row in the secretariat's table reads like this now."""

    kind: Literal["delegation_corrected"] = "delegation_corrected"
    delegation: DelegationView


class ParticipantAccredited(Wire):
    """A person may act in the process."""

    kind: Literal["participant_accredited"] = "participant_accredited"
    participant: str
    handle: str
    name: str
    capacities: list[str]


class AccreditationWithdrawn(Wire):
    """A person may no longer act in these capacities."""

    kind: Literal["accreditation_withdrawn"] = "accreditation_withdrawn"
    participant: str
    handle: str
    capacities: list[str]
