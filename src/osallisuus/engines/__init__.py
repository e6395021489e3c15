"""Our engines."""
