"""What a data copy holds, and how it is written: one pass over the rows for all its formats, in bounded memory."""
