"""Ways through the prompts: to where a name is declared, to where it is used, by search, and along the lineage."""
