"""Read groups from TOML files, with the file, line and key of every mistake.

reading     groups and problems of a file or a folder
reloading   the groups of a process, read again when a file has changed
folder      which files of a folder are read, and group files in it that have no effect
source      one TOML file and the mistakes of its form
tomltext    TOML with line numbers, without the tables that have mistakes
hints       what a header that is no TOML probably meant
repairs     what any other line that is no TOML probably meant
values      what a value of another form probably meant
statements  where a TOML statement ends, and the parser with one kind of error
problems    what a mistake says: what was found, what is expected, what was probably meant
"""
