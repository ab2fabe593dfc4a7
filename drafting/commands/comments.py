"""Comments: what is said about the text, and to whom."""

from sqlmodel import select

from drafting.commands.context import Context, Happened
from drafting.domain.tokens import clean_text
from drafting.policy import NATIONAL, SECRETARIAT
from drafting.protocol.commands import PostComment
from drafting.protocol.events import CommentPosted
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import CommentAudience
from drafting.queries.amendments import comment_view
from drafting.queries.versions import lines, version_row
from storage.tables import Amendment, Comment, Revision


def post_comment(ctx: Context, command: PostComment) -> Happened:
    """Post it for its audience; a reply to what not everyone sees stays with those who see that."""
    parent = _parent(ctx, command)
    target = _target(ctx, command)
    if command.amendment is not None:
        _refuse_disclosure(ctx, command)
    if parent is None and command.section is None and command.amendment is None:
        raise Refusal(ProblemCode.MALFORMED, "A comment is about a section, an amendment, or another comment.")
    row = Comment(
        id=ctx.mint("co"),
        document=command.document,
        section=command.section or (parent.section if parent else None),
        target=target,
        amendment=command.amendment or (parent.amendment if parent else None),
        reply_to=parent.id if parent else None,
        audience=parent.audience if parent and parent.stream != "all" else command.audience,
        stream=parent.stream if parent and parent.stream != "all" else _stream(ctx, command.audience),
        delegation=ctx.acting.delegation,
        by=ctx.person.handle,
        capacity=ctx.capacity,
        body=_body(ctx, command.body),
        at=ctx.at,
        place=ctx.place,
    )
    ctx.session.add(row)
    return Happened(CommentPosted(comment=comment_view(row)), row.stream, {"comment": row.id})


def _body(ctx: Context, body: str) -> str:
    """Give what was said, cleaned line by line; lines and single blank lines between them stay."""
    longest = ctx.limits.comment_text
    clean_text(body, longest=longest)  # judges the whole: empty, too long, illegal
    said = [clean_text(line, longest=longest) if line.strip() else "" for line in body.strip().splitlines()]
    return "\n".join(line for line, before in zip(said, ["", *said], strict=False) if line or before)


def _stream(ctx: Context, audience: CommentAudience) -> str:
    """Give the stream of an audience, seen from who speaks."""
    if audience is CommentAudience.ALL:
        return "all"
    if ctx.acting.role in NATIONAL:
        side = "delegation:" if audience is CommentAudience.OWN else "secretariat+"
        return f"{side}{ctx.delegation}"
    return "secretariat" if ctx.acting.role in SECRETARIAT else "desk"


def _parent(ctx: Context, command: PostComment) -> Comment | None:
    if command.reply_to is None:
        return None
    row = ctx.session.get(Comment, command.reply_to)
    if row is None or row.document != command.document or not ctx.reader(row.document).sees(row.stream):
        raise Refusal(ProblemCode.UNKNOWN, f"There is no comment {command.reply_to} that you may read.")
    if command.amendment not in {None, row.amendment}:
        # Else a held amendment could be named to those who only see the comment.
        raise Refusal(ProblemCode.MALFORMED, "A reply is about what it replies to; it names no other amendment.")
    return row


def _refuse_disclosure(ctx: Context, command: PostComment) -> None:
    if command.audience is CommentAudience.ALL and not ctx.session.get_one(Amendment, command.amendment).circulated:
        raise Refusal(ProblemCode.NOT_PERMITTED, "The amendment is held; a comment on it cannot be for all yet.")


def _target(ctx: Context, command: PostComment) -> dict[str, object] | None:
    """Give the quoted range with the version it was read in; refuses words that are not there."""
    if command.section is None and command.target is None:
        return None
    version = version_row(ctx.tx, command.document, None)
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


def _proposed(ctx: Context, command: PostComment) -> bool:
    """Tell whether the section is one that the amendment commented on would add."""
    touched = select(Revision.touches).where(Revision.amendment == command.amendment)
    return any(command.section in touches for touches in ctx.session.exec(touched))
