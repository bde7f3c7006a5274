"""The font that pictures are drawn with: DejaVu Sans Bold, which has all of French; its licence is beside it."""
