"""`standup preview`: a group's documents and message of a day, made from the real source and sent to no one."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.cli import output
from worker.cli.arguments import days
from worker.cli.arguments.days import REPORTING_DAY, Day
from worker.cli.arguments.runs import GROUP_DAY, GroupDayArgument, GroupDays
from worker.cli.unsent import content_of
from worker.domain import addresses as mail_addresses
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.errors import StandupError
from worker.services import packing
from worker.services.packing import Packer, Packing
from worker.state.files import private_files
from worker.wiring import channels, services
from worker.wiring.process import clock, redis, settings

_SCALE, _GAP = 1.5, 24
_MAX_PAGES = 24
_PAPER = "#DDE3EA"


def as_png(pdf: bytes, password: str = "") -> bytes:
    """Return the first pages side by side as PNG. Raises ClickException without the library for it."""
    try:
        import pypdfium2
        from PIL import Image
    except ImportError:
        raise click.ClickException('Pictures need pypdfium2: install "standup-briefings[preview]".') from None
    document = pypdfium2.PdfDocument(pdf, password=password or None)
    pages = [document[number].render(scale=_SCALE).to_pil() for number in range(min(len(document), _MAX_PAGES))]
    width = sum(page.width + _GAP for page in pages) + _GAP
    row = Image.new("RGB", (width, max(page.height for page in pages) + 2 * _GAP), _PAPER)
    x = _GAP
    for page in pages:
        row.paste(page, (x, _GAP))
        x += page.width + _GAP
    png = io.BytesIO()
    row.save(png, "PNG", optimize=True)
    return png.getvalue()


RECIPIENT = "preview@example.invalid"


def parsed(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses, or end the command with what is wrong with one."""
    for text in texts:
        try:
            mail_addresses.parse(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    return texts


_DATE_HELP = "The reporting day: 2026-10-01, yesterday or monday. Default: the last one."


@click.command()
@click.argument("target", metavar="GROUP", cls=GroupDayArgument, type=GROUP_DAY)
@click.option("--date", "day", type=REPORTING_DAY, metavar="DAY", help=_DATE_HELP)
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("preview"), show_default=True
)
@click.option(
    "--open-as",
    type=click.Choice(["png", "pdf", "xlsx", "eml"]),
    help="Also open it with this machine's program for such files.",
)
@click.option(
    "--to",
    "addresses",
    multiple=True,
    metavar="ADDRESS",
    callback=parsed,
    help="Also send it to this address, marked as a preview. Can be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the files' paths.")
def preview(
    target: GroupDays, day: Day | None, folder: Path, open_as: str | None, addresses: tuple[str, ...], as_json: bool
) -> None:
    """Make a group's PDF, workbook and e-mail in a folder. Nothing is sent to the group's recipients.

    GROUP may be followed by the day, as in support-emea:yesterday. With --to the mail goes to addresses of the domains
    in STANDUP_ALLOWED_DOMAINS, under the group's rules for personal data.
    """
    redis().ping()  # fail now: without Redis the source would wait three minutes for a permit
    group = target.group
    reporting_day = days.reporting_day(group, target.day_or(day), clock())
    content, source_pdf = content_of(group, RunId(group.key, reporting_day))
    packed = packing.pack(content, group, without_upload(services.packer(), group), source_pdf)
    for remark in packed.remarks:
        output.warn(f"{remark}: see `standup doctor`")
    message = packed.outgoing
    files = [str(path) for path in _write(message, folder, _sender())]
    if open_as:
        files = _opened(files, open_as, settings().password_for(group.key))
    proofs, reasons = _sent(group, message, addresses)
    if as_json:
        values = {"group": group.key, "reporting_day": message.reporting_day, "files": files}
        output.print_json(values | ({"sent": proofs, "not_sent": reasons} if addresses else {}))
    else:
        click.echo("\n".join([*files, *(f"sent to {address}: {reply}" for address, reply in proofs.items())]))
    for address, reason in reasons.items():
        output.warn(f"not sent to {address}: {reason}")
    if reasons:
        raise SystemExit(1)


def as_preview(message: OutgoingMessage, now: datetime) -> OutgoingMessage:
    """Return the message marked as a preview, with an identity of its own.

    Mail systems drop a second message with the same Message-ID, which would be the briefing itself.
    """
    key = f"{message.group_key}-preview-{now:%H%M%S}"
    return replace(message, subject=f"Preview: {message.subject}", group_key=key, revision=1, sent_at=now)


def _sent(group: Group, message: OutgoingMessage, addresses: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Send the mail. Return the server's reply by address, and why others did not get it."""
    proofs: dict[str, str] = {}
    reasons: dict[str, str] = {}
    if not addresses:
        return proofs, reasons
    preview_message = as_preview(message, clock())
    with channels.open_channels(group) as open_channels:
        for address in addresses:
            try:
                channel = open_channels.channel_for("email" if settings().smtp else "sendgrid", address)
                proofs[address] = channel.deliver(preview_message, address, lambda: None).reply
            except StandupError as error:
                reasons[address] = str(error)
    return proofs, reasons


def without_upload(packer: Packer, group: Group) -> Packing:
    """Return the group's packing, without upload: a large workbook must not appear in a bucket that people read."""
    return replace(packer.packing_of(group), publish=lambda _: None)


def _opened(files: list[str], suffix: str, password: str) -> list[str]:
    """Open the file of this kind and return all files. For ``png`` the PDF is drawn as a picture."""
    file = next((name for name in files if name.endswith(".pdf" if suffix == "png" else f".{suffix}")), None)
    if file is None:
        raise click.ClickException("This day has a notice, which is only a message. Use --open-as eml.")
    if suffix == "png":
        picture = Path(file).with_suffix(".png")
        private_files.write(picture, as_png(Path(file).read_bytes(), password))
        file = str(picture)
        files = [*files, file]
    if click.launch(file) != 0:
        output.warn(f"Nothing on this machine opens {file}.")
    return files


def _write(message: OutgoingMessage, folder: Path, sender: str) -> list[Path]:
    stem = f"daily-standup-{message.group_key}-{message.reporting_day}"
    contents = {document.name: document.content for document in message.documents}
    contents[f"{stem}.eml"] = mime.build(message, RECIPIENT, sender).content
    try:
        private_files.make_folder(folder)
        for name, data in contents.items():
            private_files.write(folder / name, data)
    except OSError as error:
        raise click.ClickException(f"{error.strerror}: {error.filename}. Name another folder with --out.") from None
    return [folder / name for name in contents]


def _sender() -> str:
    smtp = settings().smtp
    return smtp.sender if smtp else "standup@example.invalid"
