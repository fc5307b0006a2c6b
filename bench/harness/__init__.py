"""The driver of the comparison: builds the systems, runs the workloads in interleaved rounds, writes the report."""
