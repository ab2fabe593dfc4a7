"""The bus is a doorbell: it says that something is there to read, never what. A lost ring costs time, not content."""

from storage.bus.doorbell import Bus, Ring
from storage.bus.memory import MemoryBus

__all__ = ["Bus", "MemoryBus", "Ring"]
