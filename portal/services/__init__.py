"""What may be done to the register. Plain functions: the first argument is a `Context`, and none of them commits."""
