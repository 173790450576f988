"""Who walks the money in a browser: an accountant, a channel manager, a partner."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from .common import CommissionCommon

#: seconds a part of a walk may take on a busy machine
PATIENCE = 180


class WalkCommon(CommissionCommon, HttpCase):
    """A plan of 10 % as the customer pays; all documents are of last month."""

    browser_size = "1280x800"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, "payment"))
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))
        cls.accountant = cls._create_person(
            "wilma.accountant", "account.group_account_manager"
        )
        cls.manager = cls._create_person(
            "walter.manager", "partner_channel.group_channel_manager"
        )
        cls.alpha_member.manager_id = cls.manager
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        last = cls.company._get_channel_today().replace(day=1) - timedelta(days=1)
        cls.first_day, cls.last_day = last.replace(day=1), last

    @classmethod
    def _create_person(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=f"{login}@example.com",
        )
