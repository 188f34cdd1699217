"""Tables and the source's own PDF stand behind the briefing's pages, or the message says why they do not."""

from __future__ import annotations

import dataclasses
import io
import sys

import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from renderers import Message, fit, render_pdf, render_workbook
from renderers.appendix import NotReadable, append_pages, render
from worker.domain.documents import Document


@pytest.fixture(scope="module")
def source_pdf() -> bytes:
    """Two pages of the platform's, with a link and a script that would run when they are opened."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for page in ("Queue performance", "second page"):
        canvas.drawString(72, 700, page)
        canvas.linkURL("https://elsewhere.example/", (0, 0, 99, 99))
        canvas.showPage()
    canvas.save()
    with pikepdf.open(file) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.Root.OpenAction = script
        pdf.pages[0].AA = pikepdf.Dictionary(O=script)
        changed = io.BytesIO()
        pdf.save(changed, static_id=True)
    return changed.getvalue()


def outline(pdf: bytes) -> list[str]:
    return [item.get_title() for item in pypdfium2.PdfDocument(pdf).get_toc()]


def test_the_sources_pages_follow_ours_with_an_entry_in_the_outline(briefing, source_pdf) -> None:
    plain = render_pdf(briefing)
    document = append_pages(plain, "From the source", source_pdf)
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document.content)]
    assert len(pages) == len(pypdfium2.PdfDocument(plain.content)) + 2
    assert "Queue performance" in pages[-2]
    assert outline(document.content) == [*outline(plain.content), "From the source"]
    assert pikepdf.open(io.BytesIO(document.content)).check_pdf_syntax() == []


def test_tables_and_the_source_s_own_pdf_follow_in_the_order_given(briefing, source_pdf) -> None:
    plain = outline(render_pdf(briefing).content)
    for parts, titles in (
        (("queues", "source", "agents"), ["All queues", "From the source", "All agents"]),
        (("source", "half_hours"), ["From the source", "All half-hours"]),
        (("agents", "source"), ["All agents", "From the source"]),
    ):
        content = render(briefing, "phone", parts, "From the source", source_pdf).content
        document = pypdfium2.PdfDocument(content)
        assert outline(content) == [*plain, *titles]
        first = {item.get_title(): document[item.get_dest().get_index()] for item in document.get_toc()}
        begins = {title: page.get_textpage().get_text_bounded() for title, page in first.items()}
        assert begins["From the source"].startswith("Queue performance")
        assert all(begins[title].startswith(title) for title in titles if title != "From the source")
        assert pikepdf.open(io.BytesIO(content)).check_pdf_syntax() == []


def test_the_sources_pages_are_not_in_our_tag_tree(briefing, source_pdf) -> None:
    with pikepdf.open(io.BytesIO(source_pdf)) as tagged:
        tagged.pages[0].StructParents = 0
        changed = io.BytesIO()
        tagged.save(changed)
    document = pikepdf.open(io.BytesIO(append_pages(render_pdf(briefing), "source", changed.getvalue()).content))
    assert ["/StructParents" in page for page in document.pages][-2:] == [False, False]


def test_actions_of_the_sources_pdf_are_removed(briefing, source_pdf) -> None:
    document = pikepdf.open(io.BytesIO(append_pages(render_pdf(briefing), "source", source_pdf).content))
    assert "/OpenAction" not in document.Root
    assert all(not {"/AA", "/Annots"} & set(page.keys()) for page in document.pages)


def test_our_tags_and_dates_stay_and_the_same_two_files_give_the_same_bytes(briefing, source_pdf) -> None:
    plain = render_pdf(briefing)
    first, two = (append_pages(plain, "source", source_pdf) for _ in range(2))
    assert first == two
    before_merge, merged = (pikepdf.open(io.BytesIO(pdf.content)) for pdf in (plain, first))
    assert str(merged.docinfo["/CreationDate"]) == str(before_merge.docinfo["/CreationDate"])
    assert "/StructTreeRoot" in merged.Root


def locked(pdf: bytes) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(file, encryption=pikepdf.Encryption(user="secret", owner="secret", R=6))
    return file.getvalue()


def empty(_: bytes) -> bytes:
    file = io.BytesIO()
    pikepdf.new().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("broken", "english", "german"),
    [
        (lambda _: b"", "it is damaged", "beschädigt"),
        (lambda _: b"<html>error</html>", "it is damaged", "beschädigt"),
        (locked, "it is locked", "gesperrt"),
        (empty, "it has no pages", "ohne Seiten"),
    ],
)
def test_an_unreadable_source_pdf_is_left_out_and_the_message_says_so(
    briefing, source_pdf, broken, english, german
) -> None:
    with pytest.raises(NotReadable):
        append_pages(render_pdf(briefing), "source", broken(source_pdf))
    parts = ("source", "agents")
    fitted = fit.fit(briefing, 10**9, lambda *_: 0, appendix_parts=parts, source_pdf=broken(source_pdf))
    assert fitted.documents[0] == render_pdf(briefing, tables=("agents",))
    assert f"The source's own PDF cannot be read ({english}) and is left out." in " ".join(fitted.message.text.split())
    assert fitted.rungs == ()
    german_briefing = dataclasses.replace(briefing, language="de")
    fitted = fit.fit(german_briefing, 10**9, lambda *_: 0, appendix_parts=parts, source_pdf=broken(source_pdf))
    text = " ".join(fitted.message.text.split())
    assert f"Das PDF der Quelle ist nicht lesbar ({german}) und weggelassen." in text


def test_operators_and_not_supervisors_read_that_a_library_is_missing(briefing, source_pdf, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    fitted = fit.fit(briefing, 10**9, lambda *_: 0, appendix_parts=("source",), source_pdf=source_pdf)
    assert "The source's own PDF cannot be appended and is left out." in " ".join(fitted.message.text.split())
    assert "pikepdf" not in fitted.message.text + fitted.message.html
    assert fitted.documents[0].remarks == (fit.NO_LIBRARY,)


def test_a_missing_source_pdf_is_left_out(briefing) -> None:
    fitted = fit.fit(briefing, 10**9, lambda *_: 0, appendix_parts=("queues", "source"))
    assert fitted.documents[0] == render_pdf(briefing, tables=("queues",))
    assert fitted.rungs == ()


GONE = {
    "source": "the source's own PDF is left out",
    "agents": "the PDF's table of all agents is left out",
    "half_hours": "the PDF's table of all half-hours is left out",
    "queues": "the PDF's table of all queues is left out",
}


@pytest.mark.parametrize("entries", range(4))
def test_the_last_part_after_the_pages_is_left_out_first_and_the_message_says_so(briefing, source_pdf, entries) -> None:
    parts = ("queues", "source", "agents", "half_hours")
    tried = iter(range(99))

    def measure(documents: tuple[Document, ...], message: Message) -> int:
        return 0 if next(tried) == 4 - entries else 99

    fitted = fit.fit(briefing, 1, measure, appendix_parts=parts, source_pdf=source_pdf)
    assert fitted.documents[0] == render(briefing, "phone", parts[:entries], "From the source", source_pdf)
    assert fitted.documents[1] == render_workbook(briefing)
    assert fitted.rungs == tuple(GONE[part] for part in reversed(parts[entries:]))
    assert "; ".join(fitted.rungs) in " ".join(fitted.message.text.split())


def test_only_when_all_of_it_is_gone_the_workbook_loses_anything(briefing) -> None:
    tried = iter(range(99))
    fitted = fit.fit(briefing, 1, lambda *_: 0 if next(tried) == 3 else 99, appendix_parts=("queues", "agents"))
    assert fitted.rungs == (GONE["agents"], GONE["queues"], "the workbook is packed tighter")
