"""Pure rules: no Flask, no database, no clock of their own. Values in, values out."""
