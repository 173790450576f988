"""Helpers of the tests of a program's rules."""

from .common import PartnerChannelCommon


class RulesCase(PartnerChannelCommon):
    def _another(self, name, submit=True, **values):
        return self._register(
            self.northwind,
            submit=submit,
            partner_name=name,
            customer_vat="",
            website="",
            **values,
        )

    def _rule(self, user, amount=0, sequence=10):
        return self.env["partner.approval.rule"].create(
            {
                "name": user.name,
                "program_id": self.program.id,
                "approver_id": user.id,
                "amount_from": amount,
                "sequence": sequence,
            }
        )

    def _check(self, code, policy):
        return self.env["partner.program.eligibility"].create(
            {"program_id": self.program.id, "code": code, "policy": policy}
        )
