"""The page in a real browser: documents, the compilation and the comparison, live between two people."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.server import Server

Enter = Callable[..., Page]
TITLE = "Call for Action on Large Movements of Refugees and Migrants"
HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'


def open_room(page: Page) -> None:
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("Saved · live")).to_be_visible(timeout=30_000)  # the first one starts a process


def paragraph(page: Page, label: str) -> None:
    page.get_by_role("main").get_by_text(label, exact=True).click()


def test_documents_show_where_each_stands(enter: Enter) -> None:
    page = enter("arv")
    card = page.get_by_role("main")
    expect(card).to_contain_text(TITLE)
    expect(card).to_contain_text("Rev.2")
    expect(card).to_contain_text("143 amendments")


def test_the_compilation_shows_every_wording_with_the_delegations_that_hold_it(enter: Enter) -> None:
    page = enter("observer")
    open_room(page)
    paragraph(page, "OP13")
    main = page.get_by_role("main")
    expect(main.locator("ins", has_text="at least 60,000").first).to_be_visible()
    expect(main.get_by_text("CAL·PEL·MER·HES", exact=True).first).to_be_visible()
    side = page.get_by_role("complementary")
    for label in ("TOL-3", "VAR-1"):
        expect(side.get_by_text(label, exact=True)).to_be_visible()
    expect(main.get_by_text("OP21bis", exact=True)).to_be_visible()


def test_what_one_says_the_other_sees_at_once_and_markup_stays_text(enter: Enter) -> None:
    speaker, listener = enter("bor"), enter("cal")
    for page in (speaker, listener):
        open_room(page)
        paragraph(page, "OP35")
    speaker.get_by_role("complementary").get_by_role("textbox").last.fill(HOSTILE)
    speaker.get_by_role("button", name="Post").click()
    expect(listener.get_by_role("complementary").get_by_text(HOSTILE)).to_be_visible()
    assert listener.title() != "owned"
    assert listener.locator("img").count() == 0


def test_a_delegate_tables_in_the_page_and_the_other_sees_it_in_the_compilation(enter: Enter) -> None:
    author, reader = enter("kel"), enter("observer")
    for page in (author, reader):
        open_room(page)
        paragraph(page, "OP52")
    author.get_by_role("button", name="Propose an amendment for KEL").click()
    form = author.get_by_role("textbox").first
    form.fill(
        form.input_value().replace("the preferred form of return", "the preferred and most lasting form of return")
    )
    author.get_by_role("button", name="Table").first.click()
    expect(reader.get_by_role("main").locator("ins", has_text="and most lasting")).to_be_visible()
    expect(reader.get_by_role("complementary").get_by_text("KEL-", exact=False).first).to_be_visible()


def test_the_comparison_shows_changes_and_the_amendments_that_caused_them(enter: Enter) -> None:
    page = enter("observer")
    page.get_by_role("link", name="Compare").click()
    main = page.get_by_role("main")
    expect(main.locator("ins", has_text="over several budget years").first).to_be_visible()
    expect(main.locator("del", has_text="within the limits of national budgets").first).to_be_visible()
    expect(main).to_contain_text("incorporated")


def test_the_room_can_be_read_on_a_telephone_without_scrolling_sideways(enter: Enter) -> None:
    page = enter("observer", width=360)
    open_room(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_a_server_that_comes_back_is_found_again(enter: Enter, demonstration: Server) -> None:
    page = enter("observer")
    open_room(page)
    demonstration.kill()
    expect(page.get_by_text("Saved · live")).to_be_hidden(timeout=15_000)
    demonstration.start()
    expect(page.get_by_text("Saved · live")).to_be_visible(timeout=30_000)
