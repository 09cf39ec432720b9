"""The numbered SQL files that build the schema, applied in order by `data.schema`."""
