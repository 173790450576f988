from . import deal_form, form_values, upload
