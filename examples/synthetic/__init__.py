"""The makers of the synthetic example facts: one module per programme."""
