"""What ./setup/demo, ./setup/test, ./setup/odoo and ./setup/lint share.

Standard library only: these modules run before anything is installed.
"""
