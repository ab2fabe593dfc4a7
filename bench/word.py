"""Word files of about 20, 100 and 300 pages: time and peak memory, against the way one would first write them.

Ours: ``clean`` of a version, ``redline`` of it against an older one, its comparison included, as an export does; and
``compilation``: the older one with an amendment of one of 60 delegations to every third section, tracked, each with a
comment and a reply.
The peer writes the same clean text by python-docx: a paragraph with a named style and two runs for each section.
Each is done in a process of its own, cold, as often as the repeats; the processes take turns. Time is that of the
writing without the imports; memory is the peak of the process (``VmHWM``), Python and libraries included.
``python -m bench.word FORM SECTIONS`` does one of them.
"""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.processes import memory
from bench.result import Peer, Result, against, versions
from bench.texts import SECTIONS_A_PAGE, edited, text

if TYPE_CHECKING:
    from drafting.word.masthead import Masthead

_AT = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """Pages, at 500 words; repeats."""

    pages: tuple[int, ...] = (20, 100, 300)
    repeats: int = 3


FULL = Size()
QUICK = Size(pages=(20,), repeats=2)


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    docx = Peer("python-docx, clean text, styles by name", versions("python-docx", "lxml"))
    ours = Peer("our clean file", versions("lxml"))
    for pages in size.pages:
        sections = str(pages * SECTIONS_A_PAGE)
        repeats = [{form: _measured(form, sections) for form in FORMS} for _ in range(size.repeats)]
        pairs = (("clean", docx), ("redline", docx), ("redline", ours), ("compilation", ours))
        for form, peer in pairs:
            theirs = "clean" if peer is ours else "naive"
            case = f"{form}, {pages} pages"
            yield against("word", case, "s", [(r[form][0], r[theirs][0]) for r in repeats], peer)
            if peer is docx:
                weighed = [(r[form][1], r[theirs][1]) for r in repeats]
                yield against("word", f"{case}, peak memory", "MB", weighed, peer)


def _measured(form: str, sections: str) -> tuple[float, float]:
    """Do one in a process of its own; gives seconds and MB."""
    asked = [sys.executable, "-m", "bench.word", form, sections]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def _clean(sections: int) -> Callable[[], bytes]:
    from drafting.word.clean import clean  # noqa: PLC0415 - each process weighs what it needs alone

    new = edited(text(sections))
    masthead = _masthead()
    return lambda: clean(new, masthead)


def _redline(sections: int) -> Callable[[], bytes]:
    from drafting.domain.compare import compare  # noqa: PLC0415 - as above
    from drafting.word.redline import Signed, redline  # noqa: PLC0415 - as above

    old = text(sections)
    new = edited(old)
    masthead = _masthead()
    return lambda: redline(old, compare(old, new, exact=True), masthead, lambda _: Signed("Arvania", _AT))


def _compilation(sections: int) -> Callable[[], bytes]:
    from drafting.domain.compilation import Proposal, compile  # noqa: A004, PLC0415 - as above
    from drafting.protocol.edits import Replace  # noqa: PLC0415 - as above
    from drafting.word.comments import Author, Said, Thread  # noqa: PLC0415 - as above
    from drafting.word.compiled import Signatures, compiled  # noqa: PLC0415 - as above

    old = text(sections)
    new = {line.section: line.text for line in edited(old)}
    asked = [line.section for line in old if new.get(line.section, line.text) != line.text][: sections // 3]
    masthead = _masthead()
    proposals = [
        Proposal(f"am{n}", f"D{n % 60}-{n // 60 + 1}", (f"D{n % 60}",), (Replace(section=one, text=new[one]),))
        for n, one in enumerate(asked)
    ]
    authors = {f"D{n}": Author(f"Delegation {n}", f"D{n}") for n in range(60)}
    signatures = Signatures(authors, {proposal.amendment: _AT for proposal in proposals})
    said = Said(authors["D0"], _AT, "Why this is better."), Said(authors["D1"], _AT, "It is not.")
    threads = [Thread(said, amendment=proposal.amendment) for proposal in proposals]
    return lambda: compiled(compile(old, proposals), masthead, signatures, threads)


def _naive(sections: int) -> Callable[[], bytes]:
    import docx  # noqa: PLC0415 - as above

    new = edited(text(sections))

    def write() -> bytes:
        document = docx.Document()
        for line in new:
            paragraph = document.add_paragraph(style="Normal" if line.label else "Heading 1")
            paragraph.add_run(f"{line.label}\t" if line.label else "")
            paragraph.add_run(line.text)
        document.save(file := io.BytesIO())
        return file.getvalue()

    return write


FORMS: dict[str, Callable[[int], Callable[[], bytes]]] = {
    "naive": _naive,
    "clean": _clean,
    "redline": _redline,
    "compilation": _compilation,
}


def _masthead() -> "Masthead":
    from drafting.word.masthead import Masthead  # noqa: PLC0415 - as above

    return Masthead(
        title="A text to measure",
        symbol="BENCH/Rev.1",
        version_name="Rev.1",
        distribution="General",
        date=_AT,
        original_language="en",
        language="en",
        document_id="do_1",
        version_id="ve_1",
        version_hash="0" * 64,
        log_head="0" * 64,
    )


def _main(form: str, sections: int) -> None:
    write = FORMS[form](sections)
    start = time.perf_counter()
    write()
    print(json.dumps([time.perf_counter() - start, memory("self", "VmHWM")]))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
