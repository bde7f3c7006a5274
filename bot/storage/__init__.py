"""The only room with SQL: one module per noun, and `database` for connection, transactions and migrations."""
