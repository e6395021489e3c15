"""Our stores."""
