"""The base of every wire model."""

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """Frozen; the server refuses unknown fields. A breaking change is a new kind, never a changed one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
