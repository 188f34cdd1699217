"""Checks of what we install: known vulnerabilities (``make audit``) and licences (docs/licences.md).

vulnerabilities  asks by pip-audit for the packages of the lock files
sbom             the packages as a bill of materials (``make sbom``)
licences         the licences of the packages that the system needs
"""
