"""The source's own PDF stands behind the briefing's pages, or the message says why it does not."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from renderers import Document, Message, fit, render_pdf
from renderers.behind import NotReadable, behind


@pytest.fixture(scope="module")
def source_pdf() -> bytes:
    """Two pages of the platform's, with a link and a script that would run when they are opened."""
    written = io.BytesIO()
    canvas = Canvas(written, invariant=1)
    for page in ("Queue performance", "second page"):
        canvas.drawString(72, 700, page)
        canvas.linkURL("https://elsewhere.example/", (0, 0, 99, 99))
        canvas.showPage()
    canvas.save()
    with pikepdf.open(written) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.Root.OpenAction = script
        pdf.pages[0].AA = pikepdf.Dictionary(O=script)
        changed = io.BytesIO()
        pdf.save(changed, static_id=True)
    return changed.getvalue()


def outline(pdf: bytes) -> list[str]:
    return [item.get_title() for item in pypdfium2.PdfDocument(pdf).get_toc()]


def test_its_pages_follow_ours_with_an_entry_in_the_outline(briefing, source_pdf) -> None:
    plain = render_pdf(briefing)
    both = behind(plain, "From the source", source_pdf)
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(both.content)]
    assert len(pages) == len(pypdfium2.PdfDocument(plain.content)) + 2
    assert "Queue performance" in pages[-2]
    assert outline(both.content) == [*outline(plain.content), "From the source"]
    assert pikepdf.open(io.BytesIO(both.content)).check_pdf_syntax() == []


def test_what_it_would_do_when_opened_is_not_taken_along(briefing, source_pdf) -> None:
    both = pikepdf.open(io.BytesIO(behind(render_pdf(briefing), "source", source_pdf).content))
    assert "/OpenAction" not in both.Root
    assert all(not {"/AA", "/Annots"} & set(page.keys()) for page in both.pages)


def test_our_tags_and_dates_stay_and_the_same_two_files_give_the_same_bytes(briefing, source_pdf) -> None:
    plain = render_pdf(briefing)
    one, two = (behind(plain, "source", source_pdf) for _ in range(2))
    assert one == two
    ours, merged = (pikepdf.open(io.BytesIO(of.content)) for of in (plain, one))
    assert str(merged.docinfo["/CreationDate"]) == str(ours.docinfo["/CreationDate"])
    assert "/StructTreeRoot" in merged.Root


def locked(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        written = io.BytesIO()
        file.save(written, encryption=pikepdf.Encryption(user="secret", owner="secret", R=6))
    return written.getvalue()


def empty(_: bytes) -> bytes:
    written = io.BytesIO()
    pikepdf.new().save(written)
    return written.getvalue()


@pytest.mark.parametrize("broken", [lambda _: b"", lambda _: b"<html>error</html>", locked, empty])
def test_one_that_cannot_be_read_is_left_out_and_the_message_says_so(briefing, source_pdf, broken) -> None:
    with pytest.raises(NotReadable):
        behind(render_pdf(briefing), "source", broken(source_pdf))
    fitted = fit.fit(briefing, 10**9, lambda *_: 0, source_pdf=broken(source_pdf))
    assert fitted.documents[0] == render_pdf(briefing)
    assert "The source's own PDF cannot be read" in fitted.message.text
    assert fitted.rungs == ()


def size(documents: tuple[Document, ...], message: Message) -> int:
    return sum(len(each.content) for each in documents) + len(message.html)


def test_it_is_the_first_to_go_when_the_message_is_too_large(briefing, source_pdf) -> None:
    whole = fit.fit(briefing, 10**9, size, source_pdf=source_pdf)
    assert outline(whole.documents[0].content)[-1] == "From the source"
    fitted = fit.fit(briefing, size(whole.documents, whole.message) - 1, size, source_pdf=source_pdf)
    assert fitted.documents == fit.fit(briefing, 10**9, size).documents
    assert fitted.rungs == ("the source's own PDF is left out",)
    assert "the source's own PDF is left out" in " ".join(fitted.message.text.split())
