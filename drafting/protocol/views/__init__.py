"""Views: what a reader is shown. ``snapshot`` first; the others are its parts, or answers to single questions."""

from drafting.protocol.views.amendments import AmendmentView, EntryView, RevisionView, RoundView
from drafting.protocol.views.carried import (
    CarriedAmendmentView,
    CarriedCommentView,
    CarriedPartView,
    CarriedView,
    ClashView,
    PlaceView,
)
from drafting.protocol.views.comparison import ArrivalView, CauseView, ChangeView, ComparisonView
from drafting.protocol.views.compilation import (
    AlternativeView,
    CompilationView,
    CompiledSectionView,
    HoldingView,
    PassageView,
    WordingView,
)
from drafting.protocol.views.desk import DecisionView, DeskSectionView, DeskView, HunkView, PreviewView, WaitingView
from drafting.protocol.views.discussion import (
    CommentView,
    DraftQuoteView,
    PositionView,
    QuoteView,
    StandView,
    TalliesView,
    TallyView,
)
from drafting.protocol.views.groups import GroupView
from drafting.protocol.views.house import FindingView, Page, VerifyView
from drafting.protocol.views.people import DelegationView, PersonView, ProcessView
from drafting.protocol.views.redrafting import (
    CarriedDraftView,
    CarriedSectionView,
    PlacedQuoteView,
    TieView,
)
from drafting.protocol.views.snapshot import Snapshot
from drafting.protocol.views.status import ReopeningView, SectionStatusView, StatusView, WhereItStandsView
from drafting.protocol.views.texts import AccountLine, DocumentView, IssuedView, LintView, SectionView, VersionView
from drafting.protocol.views.working import DraftLineView, WorkingDraftView, WorkingTextView

__all__ = [
    "AccountLine",
    "AlternativeView",
    "AmendmentView",
    "ArrivalView",
    "CarriedAmendmentView",
    "CarriedCommentView",
    "CarriedDraftView",
    "CarriedPartView",
    "CarriedSectionView",
    "CarriedView",
    "CauseView",
    "ChangeView",
    "ClashView",
    "CommentView",
    "ComparisonView",
    "CompilationView",
    "CompiledSectionView",
    "DecisionView",
    "DelegationView",
    "DeskSectionView",
    "DeskView",
    "DocumentView",
    "DraftLineView",
    "DraftQuoteView",
    "EntryView",
    "FindingView",
    "GroupView",
    "HoldingView",
    "HunkView",
    "IssuedView",
    "LintView",
    "Page",
    "PassageView",
    "PersonView",
    "PlaceView",
    "PlacedQuoteView",
    "PositionView",
    "PreviewView",
    "ProcessView",
    "QuoteView",
    "ReopeningView",
    "RevisionView",
    "RoundView",
    "SectionStatusView",
    "SectionView",
    "Snapshot",
    "StandView",
    "StatusView",
    "TalliesView",
    "TallyView",
    "TieView",
    "VerifyView",
    "VersionView",
    "WaitingView",
    "WhereItStandsView",
    "WordingView",
    "WorkingDraftView",
    "WorkingTextView",
]
