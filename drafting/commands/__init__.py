"""The commands' functions, one each, grouped by noun. They change tables; the executor writes the log and commits."""

from collections.abc import Callable
from typing import Any

from drafting.commands.amendments import revise_amendment, table_amendment, withdraw_amendment
from drafting.commands.comments import post_comment, reopen_comment, resolve_comment
from drafting.commands.context import Context, Happened
from drafting.commands.desk import decide_section, undo_decision
from drafting.commands.drafts import clear_amendment, discard_draft, draft_amendment, revise_draft
from drafting.commands.entries import confirm_entry, correct_entry, enter_amendment
from drafting.commands.groups import change_group, dissolve_group, found_group, report_back
from drafting.commands.house import (
    accredit_participant,
    admit_delegation,
    correct_delegation,
    create_process,
    withdraw_accreditation,
)
from drafting.commands.positions import clear_position, take_position, withdraw_position
from drafting.commands.purging import purge_drafts
from drafting.commands.redrafting import carry_over_draft, reset_section, revise_from_draft, table_from_draft
from drafting.commands.rounds import admit_amendment, circulate_amendments, close_round, open_round
from drafting.commands.sponsors import leave_amendment, sponsor_amendment
from drafting.commands.status import set_status
from drafting.commands.texts import import_document
from drafting.commands.versions import (
    issue_corrigendum,
    issue_in_session,
    issue_version,
    propose_text,
    recall_version,
    renumber_text,
    take_up_text,
)
from drafting.commands.working import lock_section, open_working_draft, unlock_section

FUNCTIONS: dict[str, Callable[[Context, Any], Happened]] = {
    function.__name__: function
    for function in (
        create_process,
        admit_delegation,
        correct_delegation,
        accredit_participant,
        withdraw_accreditation,
        import_document,
        open_round,
        close_round,
        circulate_amendments,
        admit_amendment,
        table_amendment,
        revise_amendment,
        withdraw_amendment,
        sponsor_amendment,
        leave_amendment,
        draft_amendment,
        revise_draft,
        discard_draft,
        clear_amendment,
        purge_drafts,
        enter_amendment,
        confirm_entry,
        correct_entry,
        post_comment,
        resolve_comment,
        reopen_comment,
        take_position,
        clear_position,
        withdraw_position,
        found_group,
        change_group,
        dissolve_group,
        report_back,
        decide_section,
        undo_decision,
        issue_version,
        issue_in_session,
        propose_text,
        take_up_text,
        renumber_text,
        recall_version,
        issue_corrigendum,
        set_status,
        open_working_draft,
        lock_section,
        unlock_section,
        table_from_draft,
        revise_from_draft,
        carry_over_draft,
        reset_section,
    )
}
"""By the command's kind, which is the function's name."""
