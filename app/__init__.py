"""GWS Observatory: watches a deployment and paints the truth on its picture."""
