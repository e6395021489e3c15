"""Report exporters, each declared as an entry point like a stranger's."""
