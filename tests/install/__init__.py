"""Installing and uninstalling, in databases of their own and a process of their own.

* ``worker``: what is done, inside ``odoo shell``; prints what it found as JSON
* ``snapshot``: what a database consists of
* ``stock``: a database full of contacts, leads and invoices
* ``tests/test_install.py``: what must have been found
"""
