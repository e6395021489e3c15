"""Pure decisions over definitions and facts."""
