from . import amount, deal_form, form_values, upload
