"""The page a filmmaker reads: Streamlit and Altair over ``serving.duckdb``, read only."""
