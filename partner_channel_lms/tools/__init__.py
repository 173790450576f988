from . import validity, xapi_format, xapi_parts, xapi_statement
