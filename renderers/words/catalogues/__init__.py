"""The catalogues of `renderers.words`, one gettext file per language; English is in the code."""
