"""AdventureWorks' reseller sales: reading them, loading them, checking the figures.

* ``source``: the files as orders and lines in cents (plain Python)
* ``oracle``: what the product must show, worked out with ``decimal`` (plain Python)
* ``load``, ``channel``: into an Odoo database
* ``check``: the figures of a database beside the oracle's
"""
