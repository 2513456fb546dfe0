"""The commands, grouped by what they work on. They use what lies beside this folder, not the other
way round; `app` alone puts them together.
"""
