"""The commands' functions, one each, grouped by noun. They change tables; the executor writes the log and commits."""

from collections.abc import Callable
from typing import Any

from drafting.commands.amendments import revise_amendment, table_amendment, withdraw_amendment
from drafting.commands.comments import post_comment
from drafting.commands.context import Context, Happened
from drafting.commands.desk import decide_section, undo_decision
from drafting.commands.house import accredit_participant, admit_delegation, create_process
from drafting.commands.rounds import admit_amendment, circulate_amendments, close_round, open_round
from drafting.commands.texts import import_document, issue_version

FUNCTIONS: dict[str, Callable[[Context, Any], Happened]] = {
    function.__name__: function
    for function in (
        create_process,
        admit_delegation,
        accredit_participant,
        import_document,
        open_round,
        close_round,
        circulate_amendments,
        admit_amendment,
        table_amendment,
        revise_amendment,
        withdraw_amendment,
        post_comment,
        decide_section,
        undo_decision,
        issue_version,
    )
}
"""By the command's kind, which is the function's name."""
