"""Reports as documents: definitions, words, and the Exporter port."""
