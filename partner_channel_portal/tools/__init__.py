from . import amount, deal_form, form_values, table_csv, table_read, upload
