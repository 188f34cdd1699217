"""`standup preview`: a group's documents and message of a day, made from the real source and sent to no one."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import click

from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.cli import days, output
from worker.cli.days import DAY, Day
from worker.cli.parameters import GROUP
from worker.cli.unsent import content_of
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.services import packing
from worker.services.packing import Packer, Packing
from worker.state import private_files
from worker.wiring import services
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

_DATE_HELP = "The reporting day: 2026-10-01, yesterday or monday. Default: the last one."


@click.command()
@click.argument("group", type=GROUP)
@click.option("--date", "day", type=DAY, metavar="DAY", help=_DATE_HELP)
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("preview"), show_default=True
)
@click.option(
    "--open-as",
    type=click.Choice(["png", "pdf", "xlsx", "eml"]),
    help="Also open it with this machine's program for such files.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the files' paths.")
def preview(group: Group, day: Day | None, folder: Path, open_as: str | None, as_json: bool) -> None:
    """Make a group's PDF, workbook and e-mail in a folder without sending them."""
    redis().ping()  # fail now: without Redis the source would wait three minutes for a permit
    reporting_day = days.reporting_day(group, day, clock())
    content, source_pdf = content_of(group, RunId(group.key, reporting_day))
    packed = packing.pack(content, group, without_upload(services.packer(), group), source_pdf)
    for remark in packed.remarks:
        output.warn(f"{remark}: see `standup doctor`")
    message = packed.outgoing
    files = [str(path) for path in _write(message, folder, _sender())]
    if open_as:
        files = _opened(files, open_as, settings().password_for(group.key))
    if as_json:
        output.print_json({"group": group.key, "reporting_day": message.reporting_day, "files": files})
    else:
        click.echo("\n".join(files))


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
