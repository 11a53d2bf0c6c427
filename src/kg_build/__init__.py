"""kg-build: drugs, trials and approvals as one knowledge graph, each answer with the sentence or registry field it came from."""
