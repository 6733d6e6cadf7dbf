"""Order imports: a file is read and checked as a whole first, then written in one transaction.

`prepare.py` turns a file into checked orders on a spool without touching the database; `write.py` puts them into the
register. `docs/data-formats.md` describes the format for those who make such files.
"""
