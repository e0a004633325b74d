"""The bus: the latest snapshot and its deltas, from the pipeline to every viewer."""
