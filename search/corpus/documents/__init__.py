"""Documents of one text: PDF, DOCX, ODT, EPUB and RTF."""
