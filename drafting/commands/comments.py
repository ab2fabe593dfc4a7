"""Comments: what is said about the text, to whom, and what of it is settled."""

from sqlmodel import select

from drafting.commands.context import Context, Happened
from drafting.domain.tokens import clean_text
from drafting.policy import NATIONAL, SECRETARIAT, within
from drafting.protocol.commands import PostComment, QuoteTarget, ReopenComment, ResolveComment
from drafting.protocol.events import CommentPosted, CommentReopened, CommentResolved
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import CommentAudience, Role
from drafting.queries.amendments import stream_of
from drafting.queries.discussion import comment_view
from drafting.queries.groups import working_group
from drafting.queries.redrafting import reading
from drafting.queries.versions import lines, version_row
from drafting.queries.working import draft_stream
from storage.tables import Amendment, Comment, Revision, WorkingDraft


def post_comment(ctx: Context, command: PostComment) -> Happened:
    """Post it for its audience; a reply to what not everyone sees stays with those who see that."""
    parent = _parent(ctx, command)
    target = _target(ctx, command)
    if parent is None and command.section is None and command.amendment is None:
        raise Refusal(ProblemCode.MALFORMED, "A comment is about a section, an amendment, or another comment.")
    inherits = parent is not None and parent.stream != "all"
    stream = parent.stream if parent and inherits else _stream(ctx, command)
    _refuse_dissolved(ctx, command.document, stream)
    if command.amendment is not None and not inherits:
        refuse_disclosure(ctx, ctx.session.get_one(Amendment, command.amendment), stream)
    if command.draft is not None:
        seen_by = draft_stream(ctx.session.get_one(WorkingDraft, command.draft))
        if stream != f"delegation:{ctx.acting.delegation}" and not within(stream, seen_by):
            raise Refusal(ProblemCode.NOT_PERMITTED, "Not all of that audience may read the working draft.")
    row = Comment(
        id=ctx.mint("co"),
        document=command.document,
        section=command.section or (parent.section if parent else None),
        target=target,
        amendment=command.amendment or (parent.amendment if parent else None),
        reply_to=parent.id if parent else None,
        audience=parent.audience if parent and inherits else command.audience,
        stream=stream,
        delegation=ctx.acting.delegation,
        body=_body(ctx, command.body),
        **ctx.signature,
    )
    ctx.session.add(row)
    payload = CommentPosted(comment=comment_view(row), reopened=_reopened(ctx, parent, stream))
    return Happened(payload, row.stream, {"comment": row.id})


def resolve_comment(ctx: Context, command: ResolveComment) -> Happened:
    """Mark the thread as needing no more attention."""
    row = _settle(ctx, command.comment, resolved=True)
    return Happened(CommentResolved(comment=row.id), row.stream)


def reopen_comment(ctx: Context, command: ReopenComment) -> Happened:
    """Take the thread up again."""
    row = _settle(ctx, command.comment, resolved=False)
    return Happened(CommentReopened(comment=row.id), row.stream)


def refuse_disclosure(ctx: Context, row: Amendment, stream: str) -> None:
    """Refuse what would name an amendment to those who may not see it: a side may always speak of what it sees among
    its own.
    """
    seen_by, who = stream_of(row), ctx.acting_reader(row.document)
    if not who.sees(seen_by):
        raise Refusal(ProblemCode.UNKNOWN, f"There is no amendment {row.id} that you may see as {ctx.capacity}.")
    if stream != f"delegation:{ctx.acting.delegation}" and not within(stream, seen_by):
        raise Refusal(ProblemCode.NOT_PERMITTED, "Not all of that audience may see the amendment yet.")


def _settle(ctx: Context, comment: str, *, resolved: bool) -> Comment:
    row = ctx.session.get_one(Comment, comment)
    if not ctx.acting_reader(row.document).sees(row.stream):
        raise Refusal(ProblemCode.UNKNOWN, f"There is no comment {comment} that you may read as {ctx.capacity}.")
    _refuse_dissolved(ctx, row.document, row.stream)
    if row.reply_to is not None:
        raise Refusal(
            ProblemCode.MALFORMED, "A thread is named by the comment that begins it.", begins=_root(ctx, row).id
        )
    if row.resolved == resolved:
        raise Refusal(ProblemCode.NO_CHANGE, f"The thread is {'resolved' if resolved else 'open'} already.")
    row.resolved = resolved
    ctx.session.add(row)
    return row


def _reopened(ctx: Context, parent: Comment | None, stream: str) -> str | None:
    """Reopen the thread that is replied to, if it is resolved and the reply is for all who see it; name it then."""
    root = _root(ctx, parent) if parent else None
    if root is None or not root.resolved or root.stream != stream:
        return None
    root.resolved = False
    ctx.session.add(root)
    return root.id


def _root(ctx: Context, row: Comment) -> Comment:
    """Give the comment that begins a thread."""
    while row.reply_to is not None:
        row = ctx.session.get_one(Comment, row.reply_to)
    return row


def _body(ctx: Context, body: str) -> str:
    """Give what was said, cleaned line by line; lines and single blank lines between them stay."""
    longest = ctx.limits.comment_text
    clean_text(body, longest=longest)  # judges the whole: empty, too long, illegal
    said = [clean_text(line, longest=longest) if line.strip() else "" for line in body.strip().splitlines()]
    return "\n".join(line for line, before in zip(said, ["", *said], strict=False) if line or before)


def _stream(ctx: Context, command: PostComment) -> str:
    """Give the stream of an audience, seen from who speaks."""
    audience, role = command.audience, ctx.acting.role
    if (audience is CommentAudience.GROUP) != (command.group is not None):
        raise Refusal(ProblemCode.MALFORMED, "A closed group is named for the audience group, and for no other.")
    if audience is CommentAudience.GROUP:
        return _group_stream(ctx, command)
    if role is Role.FACILITATOR:
        raise Refusal(ProblemCode.NOT_PERMITTED, "A facilitator speaks in the group alone: to the audience group.")
    if audience is CommentAudience.ALL:
        return "all"
    if role in NATIONAL:
        side = "delegation:" if audience is CommentAudience.OWN else "secretariat+"
        return f"{side}{ctx.delegation}"
    return "secretariat" if role in SECRETARIAT else "desk"


def _group_stream(ctx: Context, command: PostComment) -> str:
    if command.group not in ctx.acting_reader(command.document).groups:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"As {ctx.capacity} you are not in a closed group {command.group}.")
    return f"group:{command.group}"


def _refuse_dissolved(ctx: Context, document: str, stream: str) -> None:
    audience, _, code = stream.partition(":")
    if audience == "group":
        working_group(ctx.tx, document, code)


def _parent(ctx: Context, command: PostComment) -> Comment | None:
    if command.reply_to is None:
        return None
    row = ctx.session.get(Comment, command.reply_to)
    if row is None or row.document != command.document or not ctx.acting_reader(row.document).sees(row.stream):
        raise Refusal(ProblemCode.UNKNOWN, f"There is no comment {command.reply_to} that you may read.")
    if command.amendment not in {None, row.amendment}:
        # Else a held amendment could be named to those who only see the comment.
        raise Refusal(ProblemCode.MALFORMED, "A reply is about what it replies to; it names no other amendment.")
    return row


def _target(ctx: Context, command: PostComment) -> dict[str, object] | None:
    """Give the quoted range with the version it was read in; refuses words that are not there."""
    if command.draft is not None and command.section is not None and command.target is not None:
        return _in_draft(ctx, command.draft, command.section, command.target)
    if command.section is None and command.target is None:
        return None
    version = version_row(ctx.tx, ctx.reader(command.document), None)
    line = next(iter(lines(ctx.tx, version.id, command.section)), None) if command.section else None
    if command.section is not None and line is None and not _proposed(ctx, command):
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The text has no section {command.section}.")
    if command.target is None:
        return None
    start, quote = command.target.start, command.target.quote
    if line is None or command.target.end - start != len(quote) or not line.text.startswith(quote, start):
        raise Refusal(
            ProblemCode.STALE, "The quoted words do not stand there in the newest version.", version=version.id
        )
    return {**command.target.model_dump(), "version": version.id}


def _in_draft(ctx: Context, draft: str, section: str, target: QuoteTarget) -> dict[str, object]:
    """Give the range of a working draft, as it is committed now, with what it moves with."""
    read = reading(ctx.tx, ctx.session.get_one(WorkingDraft, draft))
    text, start, quote = read.typed.get(section), target.start, target.quote
    if text is None:
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The working draft has no section {section}.")
    if target.end - start != len(quote) or not text.startswith(quote, start):
        raise Refusal(ProblemCode.STALE, "The quoted words do not stand there in the working draft.", draft=draft)
    anchor = list(read.replica.anchor(section, start, target.end))
    return {**target.model_dump(), "draft": draft, "anchor": anchor}


def _proposed(ctx: Context, command: PostComment) -> bool:
    """Tell whether the section is one that the amendment commented on would add."""
    touched = select(Revision.touches).where(Revision.amendment == command.amendment)
    return any(command.section in touches for touches in ctx.session.exec(touched))
