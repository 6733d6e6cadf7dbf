"""The register of one customer: found, opened for a purpose, shown, corrected, with the source of every value."""
