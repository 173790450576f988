from odoo.tests import tagged

from odoo.addons.partner_channel_portal.tests import test_access_rival as walk

from .common import CertificationCommon

READABLE = {
    "learning.enrolment",
    "partner.certification",
    "partner.certification.type",
}


@tagged("post_install", "-at_install")
class TestRivalLearnsNothingOfPeople(walk.TestRivalLearnsNothing, CertificationCommon):
    """The walk over models and methods, as a person of another partner."""

    modules = ("partner_channel_lms",)
    readable = READABLE
    shared = frozenset({"partner.certification.type"})
    least_models = 7

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        person = cls.seller.partner_id
        person.name = f"{walk.SECRET} person"
        cls._take(person)
        issued = cls.Certification.search([("partner_id", "=", person.id)])
        issued._revoke(walk.SECRET)
        cls._take(person)
        cls._tell_from_outside(person)
        cls._enrol_on_path(person)

    @classmethod
    def _enrol_on_path(cls, person):
        """Put a person of alpha on a learning path of their program."""
        path = cls.env["learning.path"].create(
            {
                "name": walk.SECRET,
                "description": walk.SECRET,
                "program_id": cls.alpha_membership.program_id.id,
                "is_automatic": False,
            }
        )
        cls.env["learning.enrolment"].create(
            {"path_id": path.id, "partner_id": person.id}
        )

    @classmethod
    def _tell_from_outside(cls, person):
        """Make a record of alpha of all that a learning system leaves behind."""
        provider = cls.env["lms.provider"].create({"name": walk.SECRET})
        owner = {"provider_id": provider.id}
        cls.env["lms.course"].create(
            {**owner, "name": walk.SECRET, "activity": walk.SECRET}
        )
        cls.env["lms.identity"].create(
            {**owner, "actor_key": walk.SECRET, "partner_id": person.id}
        )
        cls.env["lms.sync.log"].create(
            {**owner, "kind": "pull", "message": walk.SECRET}
        )
        cls.env["lms.statement"]._take_in(provider, [({}, [walk.SECRET])])

    def _get_foreign(self, model):
        """Return ids of certificates and enrolments of alpha."""
        if model._name == "learning.enrolment":
            return self._of_alpha(model)
        return self._certificates(self.seller.partner_id).ids

    def _of_alpha(self, model):
        person = self.seller.partner_id
        return model.sudo().search([("partner_id", "=", person.id)]).ids
