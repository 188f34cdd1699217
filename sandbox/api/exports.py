"""Coming."""

ENDPOINTS = ()
