"""Benchmarks: what the bot costs, beside the bare client libraries in the same run. See docs/performance.md."""
