"""What is offered and what happened: definitions, facts, and the Store port."""
