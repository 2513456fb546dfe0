"""The commands, grouped by what they work on. They import the modules beside this folder; only
`app` imports them.
"""
