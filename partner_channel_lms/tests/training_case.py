from datetime import datetime

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import CertificationCommon


class TrainingCase(CertificationCommon):
    """What the reports and pages on training have in common."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member, cls.rivals = cls.memberships

    @classmethod
    def _create_kind(cls, name, **values):
        return cls.env["partner.certification.type"].create(
            {"name": name, "survey_id": cls._create_exam(name).id, **values}
        )

    @classmethod
    def _demand(cls, people=1, policy="warn", **values):
        """Ask for certified people; the program's check of it is made once."""
        program_id = values.get("program_id", cls.program.id)
        rules = cls.env["partner.program.eligibility"]
        rule = {"program_id": program_id, "code": "missing_certificate"}
        if not rules.search_count([(name, "=", rule[name]) for name in rule]):
            rules.create({**rule, "policy": policy})
        return cls.env["partner.certification.demand"].create(
            {
                "program_id": cls.program.id,
                "type_id": cls.kind.id,
                "people": people,
                **values,
            }
        )

    @classmethod
    def _issue(cls, person, issued, expiry=False, kind=None):
        """Put a certificate there as it came from somewhere; two days tell all."""
        issuer = cls.env["partner.certification"]._get_issuer()
        return issuer.create(
            {
                "partner_id": person.id,
                "issued_company_partner_id": person.commercial_partner_id.id,
                "type_id": (kind or cls.kind).id,
                "date_issued": issued,
                "date_expiry": expiry,
            }
        ).sudo(False)

    @classmethod
    def _join(cls, person, status="joined", course=None):
        """Let a person attend the course as far as it says."""
        [row] = (course or cls.course)._action_add_members(person)
        row.member_status = status
        return row

    @classmethod
    def _create_other_company(cls):
        """Return a company that keeps its books in another currency, and a program."""
        currency = cls.env.ref("base.EUR") | cls.env.ref("base.USD")
        other = currency - cls.env.company.currency_id
        other[:1].active = True
        company = cls.env["res.company"].create(
            {"name": "Other Vendor", "currency_id": other[:1].id}
        )
        program = cls.env["partner.program"].create(
            {"name": "Other Program", "code": "OTHER", "company_id": company.id}
        )
        cls.env["res.partner.grade"].create(
            {"name": "Other Entry", "sequence": 10, "program_id": program.id}
        )
        return company, program

    @classmethod
    def _employee(cls, login, group, **values):
        return mail_new_test_user(cls.env, f"lms_{login}", groups=group, **values)

    @classmethod
    def _register_on(cls, day, member=None, person=None, **values):
        """Return a registration approved long ago; where the vendor is, at noon."""
        member = member or cls.member
        lead = cls.env["crm.lead"]._create_registrations(
            member,
            [{"partner_name": f"{member.partner_id.name} {day} {member.id}", **values}],
        )
        lead._submit_registration()
        lead._approve_registration()
        lead._set_protected(
            {
                "date_submitted": datetime.combine(day, datetime.min.time()).replace(
                    hour=12
                ),
                "registrant_id": person.id if person else False,
            }
        )
        return lead

    def _flush(self):
        self.env.flush_all()
        self.env.invalidate_all()
