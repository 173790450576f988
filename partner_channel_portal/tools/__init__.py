from . import amount, application_form, deal_form, form_values, upload
