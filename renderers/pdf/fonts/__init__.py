"""The shipped fonts (SIL Open Font License 1.1, see OFL.txt).

make_cuts         make the static cuts of Inter
make_script_cuts  make the cuts of Noto Sans for other scripts
"""
