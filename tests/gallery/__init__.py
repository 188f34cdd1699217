"""The pictures of docs/gallery.md: `make gallery`. Chromium draws the mail, LibreOffice the workbook, PDFium the pages."""
