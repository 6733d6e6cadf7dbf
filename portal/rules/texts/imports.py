"""Texts of order imports: what is wrong with a file, and the pages on which employees import one."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    # Where something stands.
    "import.place.column": N_(", column %(column)s"),
    "import.place.file": N_("The file"),
    "import.place.line": N_("line %(line)s"),
    "import.place.order": N_("order %(order)s (number %(place)s in the file)"),
    "import.place.value": N_(", value %(value)s"),
    # The file as a whole.
    "import.archive": N_(
        "This is an archive, a spreadsheet or a document. Save the orders as a text file in UTF-8 and choose that."
    ),
    "import.file_too_large": N_("The file is larger than %(maximum)s bytes. Split it into several."),
    "import.line_too_long": N_("A line is longer than %(maximum)s bytes: this is no CSV file."),
    "import.too_many_rows": N_("The file has more than %(maximum)s rows. Split it into several."),
    "import.too_many_orders": N_("The file has more than %(maximum)s orders. Split it into several."),
    # The plain format.
    "import.header_missing": N_("The file is empty: its first line must be the header."),
    "import.commas": N_("The cells must be separated by commas."),
    "import.column_missing": N_("The column %(name)s is missing from the header."),
    "import.column_twice": N_("The column %(name)s stands twice in the header."),
    "import.column_unknown": N_("The column %(name)s is unknown."),
    "import.cell_count": N_(
        "The row has %(count)s cells instead of %(width)s. Is a comma or a quotation mark missing?"
    ),
    "import.csv_broken": N_("This is not CSV: a quotation mark is in the wrong place. The rest was not checked."),
    "import.csv_cut": N_("The file ends inside a quoted cell: it was cut, or a quotation mark is missing."),
    "import.csv_endless_cell": N_("A cell has no end: a quotation mark is missing above. The rest was not checked."),
    "import.order_apart": N_(
        "An order of this number begins on line %(line)s. The rows of an order must stand together."
    ),
    "import.rows_differ": N_("The first row of the order, on line %(line)s, says something else."),
    "import.too_many_lines": N_("The order has more than %(maximum)s lines."),
    # The WooCommerce format.
    "import.json_broken": N_("This is not JSON from here on. The rest was not checked."),
    "import.json_cut": N_("The file ends before its list of orders does: it was cut."),
    "import.json_list": N_("The file must hold a list of orders, or one order, as WooCommerce's REST API gives them."),
    "import.json_after": N_("Something follows the end of the list of orders."),
    "import.json_deep": N_("The order is nested too deeply."),
    "import.json_order": N_("An order must be a JSON object."),
    "import.order_too_large": N_("The order is longer than %(maximum)s characters."),
    "import.missing": N_("This field is missing."),
    "import.kind_text": N_("This must be a text."),
    "import.kind_amount": N_('An amount must be a text with a dot, such as "24.90".'),
    "import.kind_number": N_("This must be a number."),
    "import.kind_whole": N_("This must be a whole number, and not below zero."),
    "import.kind_list": N_("This must be a list."),
    "import.kind_object": N_("This must be an object."),
    "import.kind_truth": N_("This must be true or false."),
    "import.too_many_items": N_("The list has more than %(maximum)s items."),
    "import.nothing_ordered": N_("The order has neither products, shipping nor fees."),
    "import.order_again": N_("This order stands in the file already, as number %(place)s."),
    "import.utc": N_("Write the time in UTC as 2026-11-22T07:14:00."),
    "import.sum": N_("The parts of the order add up to %(sum)s."),
    "import.sum_discount": N_("The discounts on the products add up to %(sum)s."),
    "import.sum_coupons": N_("The coupons add up to %(sum)s."),
    "import.refund_positive": N_("A refund must not be above zero."),
    "import.refunds_exceed": N_("The refunds, %(sum)s, are more than the order's total."),
    # Values.
    "import.another_number": N_("The e-mail address belongs to a customer whom this shop calls by another number."),
    "import.country": N_("The country must be an ISO 3166-1 code of two letters, such as FI."),
    "import.country_missing": N_("An address needs a country, such as FI."),
    "import.currency": N_("The currency must be an ISO 4217 code, such as EUR."),
    "import.decimals": N_("The number may have at most %(maximum)s decimals."),
    "import.email": N_("This is no e-mail address."),
    "import.empty": N_("This must not be empty."),
    "import.line_too_large": N_("Quantity × price is too large."),
    "import.moment_form": N_("Write the date and time as 2026-11-22T09:14:00+02:00."),
    "import.no_such_moment": N_("There is no such date or time."),
    "import.nobody": N_("Neither a customer number nor an e-mail address says whose order this is."),
    "import.not_utf8": N_("The byte %(byte)s is not UTF-8. Save the file in UTF-8."),
    "import.number_form": N_("Write the number with a dot, with at most 11 digits before it and without spaces."),
    "import.quantity_not_positive": N_("The quantity must be above zero."),
    "import.status": N_("The status must be one of these: %(known)s."),
    "import.too_long": N_("The text is longer than %(maximum)s characters."),
    "import.total_too_large": N_("The order's total is too large."),
    "import.two_customers": N_("The customer number and the e-mail address belong to different customers."),
    "import.unprintable": N_("The text holds a character that cannot be printed."),
    "import.vat_rate_range": N_("The VAT rate must lie between 0 and 100."),
    "import.year": N_("The year must lie between 1901 and 9997."),
    "import.zone_missing": N_("The time zone is missing: end with Z, or with an offset such as +02:00."),
}
