"""Stage 5: one module a kind of fact; each reads the same text, mentions, quantities and discourse."""
