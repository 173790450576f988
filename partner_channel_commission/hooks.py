def uninstall_hook(env):
    """Leave the product of the vendor bills to the bills, and no function behind.

    They stay when the addon goes, and a product that was billed cannot be deleted:
    it becomes one of the vendor's own.

    :param env: of the superuser
    """
    # the triggers go with it, the table goes a moment later
    env.cr.execute("DROP FUNCTION IF EXISTS partner_commission_entry_refuse CASCADE")
    product = env.ref(
        "partner_channel_commission.product_commission", raise_if_not_found=False
    )
    if not product:
        return
    if env["account.move.line"].search([("product_id", "=", product.id)], limit=1):
        env["ir.model.data"].search(
            [
                ("module", "=", "partner_channel_commission"),
                ("model", "in", ("product.product", "product.template")),
            ]
        ).unlink()
