"""Pure rules: no Flask, no database, no clock of their own. Everything here takes values and returns values."""
