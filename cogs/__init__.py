"""The faces: what the users of one platform see and type for one capability.

They parse, call and show; they decide nothing.
"""
