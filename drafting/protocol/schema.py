"""The wire contract as JSON Schema, for clients in other languages: ``python -m drafting.protocol.schema``.

Everything is described as the server writes it: fields with a default are always there. A client that sends them all
(``null`` where it has nothing to say) is understood; so one description serves both directions.
"""

import json
import sys
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from drafting.protocol import answers, reading, searching, views
from drafting.protocol.commands import COMMAND, Envelope, Receipt
from drafting.protocol.events import PAYLOAD, EventView
from drafting.protocol.frames import CLIENT_FRAME, SERVER_FRAME
from drafting.protocol.views import imports

UNIONS: dict[str, TypeAdapter[Any]] = {
    "Command": COMMAND,
    "Payload": PAYLOAD,
    "ClientFrame": CLIENT_FRAME,
    "ServerFrame": SERVER_FRAME,
}
ANSWERS: tuple[type[BaseModel], ...] = (
    Envelope,
    Receipt,
    EventView,
    views.Snapshot,
    views.IssuedView,
    views.CompilationView,
    views.ComparisonView,
    reading.PatchedComparisonView,
    reading.ProvenanceView,
    reading.LiteralView,
    reading.BracketsView,
    reading.ReferencesView,
    searching.NewsView,
    views.CarriedView,
    views.WhereItStandsView,
    views.DeskView,
    views.PreviewView,
    views.PersonView,
    views.VerifyView,
    views.Page[views.ProcessView],
    views.Page[views.DocumentView],
    views.Page[views.VersionView],
    views.Page[views.AmendmentView],
    views.Page[views.CommentView],
    views.Page[views.PositionView],
    views.TalliesView,
    views.Page[views.LintView],
    views.Page[searching.HitView],
    answers.DraftReport,
    imports.ImportBatchView,
)


class _AsWritten(GenerateJsonSchema):
    """Every field is there; titles are left to the models, since a titled field would become a type of its own in
    generated code.
    """

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ARG002 - pydantic's signature
        return True


def contract() -> dict[str, Any]:
    """Give one JSON Schema (2020-12) with every command, payload, answer and frame under ``$defs``; the unions
    ``Command``, ``Payload``, ``ClientFrame`` and ``ServerFrame`` stand there by these names.
    """
    named = UNIONS | {model.__name__: TypeAdapter(model) for model in ANSWERS}
    roots, schema = TypeAdapter.json_schemas(
        [(name, "serialization", adapter) for name, adapter in named.items()],
        title="Drafting Room",
        schema_generator=_AsWritten,
    )
    schema["$defs"] |= {name: roots[name, "serialization"] for name in UNIONS}
    return schema


if __name__ == "__main__":
    json.dump(contract(), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
