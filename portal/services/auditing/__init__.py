"""The audit log: written, read, and held against its own chain."""
