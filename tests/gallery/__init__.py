"""The pictures of docs/gallery.md, by `make gallery`: Chromium draws the mail, LibreOffice the workbook."""
