from odoo import fields, models
from odoo.fields import Command

from ..tools.application_form import parse_number
from ..tools.form_values import FieldProblem, clean_text
from ..tools.upload import MAX_FILES, check_upload, clean_name

#: most files an application may carry
MAX_APPLICATION_FILES = 10


class ApplicationAnswerMixin(models.AbstractModel):
    """The program's own questions, and files; called in sudo, as the form is."""

    _name = "application.answer.mixin"
    _description = "Application: Answers and Files"

    # the applicant's own: what else is attached to the record is the vendor's
    file_ids = fields.Many2many(
        "ir.attachment",
        "partner_application_file_rel",
        "application_id",
        "attachment_id",
        "Files of the Applicant",
        readonly=True,
        copy=False,
    )

    # === ANSWERS === #

    def _get_criteria(self):
        """Return the questions of the program."""
        self.ensure_one()
        # sudo: the questions are asked of whoever applies
        return self.program_id.sudo().criterion_ids

    def _get_answer_texts(self):
        """Return the answers as they stand in the form, by name of the field."""
        return {
            f"criterion_{answer.criterion_id.id}": answer._get_typed()
            for answer in self.answer_ids
        }

    def _read_answers(self, texts, problems):
        """Return the commands that make the answers what was typed.

        :param dict problems: gets ``criterion_<id>`` → FieldProblem
        """
        commands = [Command.clear()]
        for criterion in self._get_criteria():
            name = f"criterion_{criterion.id}"
            try:
                text = clean_text(texts.get(name) or "", 4000)
                value = self._read_criterion(criterion, text)
                if value is not None:
                    answer = {"criterion_id": criterion.id, **value}
                    commands.append(Command.create(answer))
                elif criterion.is_required:
                    raise FieldProblem("required")
            except FieldProblem as problem:
                problems[name] = problem
        return commands

    def _read_criterion(self, criterion, text):
        """Return the value of one answer, ``None`` when there is none.

        :raise FieldProblem: ``choice``, ``number``
        """
        if not text:
            return None
        if criterion.kind == "yes_no":
            if text not in ("yes", "no"):
                raise FieldProblem("choice")
            return {"is_yes": text}
        if criterion.kind == "choice":
            option = criterion.option_ids.filtered(lambda o: str(o.id) == text)
            if not option:
                raise FieldProblem("choice")
            return {"option_id": option.id}
        if criterion.kind == "number":
            about = self.env["crm.lead"]._get_portal_about(self.country_id)
            return {"number": parse_number(text, about.thousands_sep)}
        return {"text": text}

    def _lacks_answers(self):
        """Return whether a question that has to be answered is not."""
        asked = self._get_criteria().filtered("is_required")
        return bool(asked - self.answer_ids.criterion_id)

    # === FILES === #

    def _get_files(self):
        """Return the files the applicant sent, oldest first, in sudo."""
        self.ensure_one()
        # sudo: the caller has the applicant's link, or reads the application
        return self.sudo().file_ids.sorted("id")

    def _check_files(self, texts, problems):
        """Note a file that is not taken, at the field."""
        uploads = texts.get("files") or []
        try:
            if len(uploads) > MAX_FILES:
                raise FieldProblem("file_count", limit=MAX_FILES)
            for upload in uploads:
                check_upload(upload)
            kept = self._get_files() - self._get_removed(texts)
            if len(kept) + len(uploads) > MAX_APPLICATION_FILES:
                raise FieldProblem("file_count", limit=MAX_APPLICATION_FILES)
        except FieldProblem as problem:
            problems["files"] = problem

    def _get_removed(self, texts):
        """Return the application's own files that are to be removed."""
        wanted = texts.get("remove_files") or ()
        return self._get_files().filtered(lambda file: str(file.id) in wanted)

    def _store_files(self, texts):
        """Keep the files of a step that was checked, each once.

        They are stored as what they are, whatever they were sent as.
        """
        self._get_removed(texts).unlink()
        files = self._get_files()
        known = {(file.name, file.checksum) for file in files}
        # by name and content: the same one sent twice is one
        sent = {
            (
                clean_name(upload.name),
                files._compute_checksum(upload.content),
            ): upload
            for upload in texts.get("files") or ()
        }
        created = files.create(
            [
                {
                    "name": key[0],
                    "raw": upload.content,
                    "mimetype": check_upload(upload),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for key, upload in sent.items()
                if key not in known
            ]
        )
        self._set_protected({"file_ids": [Command.link(file.id) for file in created]})
