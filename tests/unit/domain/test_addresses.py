"""E-mail addresses: what is one, the character because of which one is none, and which two are one mailbox."""

from __future__ import annotations

import pytest

from worker.domain import addresses


@pytest.mark.parametrize(
    "address",
    ["ana@example.com", "a.b+c_d-e@sub.example.co.uk", "o'neil@localhost", "jürgen@bücher.example", "a@[127.0.0.1]"],
)
def test_an_address_has_no_fault(address: str) -> None:
    assert addresses.fault_of(address) == ""


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("ana@example.com\u200b", "U+200B (ZERO WIDTH SPACE)"),
        ("ana\u00ad@example.com", "U+00AD (SOFT HYPHEN)"),
        ("ana@example\u202e.com", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("\u2066ana@example.com", "U+2066 (LEFT-TO-RIGHT ISOLATE)"),
        ("ana\u3164@example.com", "U+3164 (HANGUL FILLER)"),
        ("ana@example.com\x00", "U+0000 (a control character)"),
        ("ana@example.com\r\nBcc: x", "U+000D (a control character)"),
        ("ana\xa0b@example.com", "U+00A0 (NO-BREAK SPACE)"),
        ("ana maria@example.com", "U+0020 (SPACE)"),
        ("ana@exa mple.com", "U+0020 (SPACE)"),
        ("a@evil.example@example.com", "it has 2 @"),
        ("ana.example.com", "it has no @"),
        ("@example.com", "nothing is before the @"),
        ("ana@", "nothing is after the @"),
        ("ana@example..com", "its host example..com is impossible"),
        ("ana@-example.com", "its host -example.com is impossible"),
        ("ana@exa*mple.com", "its host exa*mple.com is impossible"),
        ("ana@\u2260.example", "its host is impossible"),
        ("ana,bo@example.com", "U+002C (COMMA)"),
        ('"ana"@example.com', "U+0022 (QUOTATION MARK)"),
    ],
)
def test_the_fault_names_the_character(address: str, fault: str) -> None:
    assert fault in addresses.fault_of(address)
    with pytest.raises(ValueError, match="is not an e-mail address") as caught:
        addresses.parse(f"Ana <{address}>")
    assert fault in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ana@example.com", ""),
        ("<ana@example.com>", ""),
        ("Ana <ana@example.com>", "Ana"),
        ("Ana, the Boss <ana@example.com>", "Ana, the Boss"),
        ('"Ana \\"Boss\\" <3, \\\\" <ana@example.com>', 'Ana "Boss" <3, \\'),
        ("👩‍💻❤️ Ana <ana@example.com>", "👩‍💻❤️ Ana"),
    ],
)
def test_a_display_name_may_contain_anything_visible(text: str, name: str) -> None:
    parsed = addresses.parse(text)
    assert (parsed.display_name, parsed.addr_spec) == (name, "ana@example.com")


@pytest.mark.parametrize("name", ["Ana\u202emoc", "Ana\nBcc: x", "Ana\x00", "A\u200bna", "Ana \ud83d"])
def test_a_display_name_with_a_control_or_a_bidi_mark_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"invisible character U\+"):
        addresses.parse(f"{name} <ana@example.com>")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ana@example.com", "Ana@Example.com"),
        ("STRASSE@example.com", "straße@example.com"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@BÜCHER.example", "Ana@bücher.EXAMPLE"),
    ],
)
def test_two_spellings_of_one_mailbox_are_recognised(first: str, second: str) -> None:
    assert addresses.mailbox_of(first) == addresses.mailbox_of(second)
    assert addresses.one_for_each_mailbox((first, second)) == (first,)


@pytest.mark.parametrize(
    "neighbour", ["ann@example.com", "ana@example.org", "ana@mail.example.com", "ana+x@example.com"]
)
def test_another_mailbox_stays_another(neighbour: str) -> None:
    assert addresses.one_for_each_mailbox(("ana@example.com", neighbour)) == ("ana@example.com", neighbour)
