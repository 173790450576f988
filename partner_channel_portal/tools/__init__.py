from . import (
    amount,
    application_form,
    deal_form,
    form_values,
    qualification_form,
    table_csv,
    table_read,
    tax_id,
    upload,
)
