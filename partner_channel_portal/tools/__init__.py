from . import (
    amount,
    application_form,
    deal_form,
    form_values,
    table_csv,
    table_read,
    upload,
)
