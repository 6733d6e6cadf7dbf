"""Benchmarks: each prints a ratio beside the baseline measured in the same run. They are run by `script/bench`."""
