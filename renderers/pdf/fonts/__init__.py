"""The shipped typefaces: static cuts of Inter (SIL Open Font License 1.1, see OFL.txt), made by make_cuts.py."""
