"""Questions as data: one TOML file a deck. Their licence is CC BY-SA 4.0, apart from the code's."""
