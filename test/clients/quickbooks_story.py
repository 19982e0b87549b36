"""A customer's integration with conductor-py. Prints what was checked, and what is wrong, as JSON.

Arguments: base URL, end-user id. Every response is validated strictly against the SDK's own types.
"""
import json
import sys

from conductor import Conductor, InternalServerError
from typed_responses import faults_of

client = Conductor(api_key="sk_conductor_test", base_url=sys.argv[1], max_retries=0)
END = {"conductor_end_user_id": sys.argv[2]}
qbd = client.qbd
faults = []
checked = {}


def call(resource, method, *args, **params):
    """Calls a method of a resource; checks the response against its type and returns it."""
    raw = getattr(getattr(qbd, resource).with_raw_response, method)(*args, **params, **END)
    checked[resource] = checked.get(resource, 0) + 1
    faults.extend(faults_of(f"{resource}.{method}", raw))
    return raw.parse()


def expect(what, actual, wanted):
    if actual != wanted:
        faults.append(f"{what} is {actual!r}, not {wanted!r}")


def refused(code, resource, method, *args, **params):
    try:
        getattr(getattr(qbd, resource), method)(*args, **params, **END)
    except InternalServerError as error:
        expect(f"the code of {resource}.{method}", error.body["error"]["integrationCode"], code)
    else:
        faults.append(f"{resource}.{method} is not refused with {code}")


def lives(resource, changes=None, **params):
    """Creates, reads, lists and changes an object; returns it as it is then."""
    made = call(resource, "create", **params)
    read = call(resource, "retrieve", made.id)
    if hasattr(made, "linked_transactions"):
        made.linked_transactions = read.linked_transactions
    expect(f"{resource}, read again", read, made)
    listed = call(resource, "list")
    expect(f"{resource}, in its list", made.id in [one.id for one in listed.data], True)
    if changes is None:
        return read
    changed = call(resource, "update", made.id, revision_number=read.revision_number, **changes)
    refused("3200", resource, "update", made.id, revision_number=read.revision_number, **changes)
    return changed


def main():
    accounts = {one.name: one.id for one in call("accounts", "list").data}
    codes = {one.name: one.id for one in call("sales_tax_codes", "list").data}
    for single in ("company", "preferences"):
        call(single, "retrieve")
    for listing in ("account_tax_lines", "templates"):
        call(listing, "list")
    call("deleted_list_objects", "list", object_types=["customer"])

    lives("accounts", {"description": "For repairs"}, name="Tools", account_type="expense")
    lives("classes", {"is_active": False}, name="West")
    lives("standard_terms", name="Net 7", due_days=7)
    lives("date_driven_terms", name="Due on the 15th", due_day_of_month=15, grace_period_days=2)
    lives("payment_methods", name="Gift card", payment_method_type="gift_card")
    lives("shipping_methods", name="Ferry")
    lives("price_levels", {"name": "Crew"}, name="Staff", fixed_percentage="-20")
    lives("sales_tax_codes", {"description": "Reduced"}, name="Red", is_taxable=True)
    lives("inventory_sites", {"name": "Boat shed"}, name="Boathouse")
    lives("currencies", {"name": "Pier Token"}, name="Harbor Token", currency_code="HBT")
    unit = {"name": "Bottle", "abbreviation": "bt"}
    lives("unit_of_measure_sets", name="By the bottle", unit_of_measure_type="count", base_unit=unit)
    lives("payroll_wage_items", name="Night shift", wage_type="hourly_regular", expense_account_id=accounts["Rent"])

    kind = lives("customer_types", name="Restaurant")
    vendor = lives("vendors", {"email": "nets@example.com"}, name="Net Menders")
    employee = lives("employees", {"email": "ira@example.com"}, first_name="Ira", last_name="Stone")
    lives("other_names", {"name": "Ticket Office"}, name="Box Office")
    lives("sales_representatives", {"initial": "IST"}, initial="IS", entity_id=employee.id)
    city = lives("sales_tax_items", {"tax_rate": "2.75"}, name="City Tax", tax_rate="2.5", tax_vendor_id=vendor.id)
    lives("sales_tax_group_items", {"description": "Market"}, name="City alone", sales_tax_item_ids=[city.id])

    sold = {"price": "4.00", "posting_account_id": accounts["Sales Income"]}
    stock = {
        "income_account_id": accounts["Sales Income"],
        "cogs_account_id": accounts["Cost of Goods Sold"],
        "asset_account_id": accounts["Inventory Asset"],
    }
    lives("service_items", {"name": "Fast delivery"}, name="Delivery", sales_or_purchase_details=sold)
    lives("non_inventory_items", {"name": "Paper napkins"}, name="Napkins", sales_or_purchase_details=sold)
    lives("other_charge_items", {"name": "Very rush"}, name="Rush", sales_or_purchase_details=sold)
    mug = lives(
        "inventory_items",
        {"sales_price": "10.00"},
        name="Mug",
        sales_price="9.00",
        purchase_cost="3.00",
        quantity_on_hand=12,
        sales_tax_code_id=codes["Tax"],
        **stock,
    )
    pair = [{"inventory_item_id": mug.id, "quantity": 2}]
    lives("inventory_assembly_items", {"sales_price": "18.00"}, name="Mug set", lines=pair, **stock)
    five = {"discount_rate_percent": "5", "account_id": accounts["Sales Income"]}
    off = lives("discount_items", {"name": "Regular guests"}, name="Regulars", **five)
    lives("subtotal_items", {"description": "Sum so far"}, name="Sum")
    lines = [{"item_id": mug.id, "quantity": 1}]
    lives("item_groups", {"name": "Brunch"}, name="Breakfast", should_print_items_in_group=True, lines=lines)

    customer = lives("customers", {"phone": "555-0199"}, name="Lighthouse Diner", customer_type_id=kind.id, sales_tax_item_id=city.id)
    sale = {"customer_id": customer.id, "transaction_date": "2025-02-20"}
    goods = [{"item_id": mug.id, "quantity": 4}, {"item_id": off.id}]
    estimate = lives("estimates", {"memo": "Accepted"}, lines=goods, **sale)
    order = lives("sales_orders", {"memo": "Soon"}, lines=goods[:1], **sale)
    invoice = lives("invoices", {"memo": "Thank you"}, lines=goods, **sale)
    # 40.00 less 5 %, taxed at 2.75 % of 38.00: 1.045.
    expect("the tax", (invoice.subtotal, invoice.sales_tax_total, invoice.balance_remaining), ("38.00", "1.05", "39.05"))
    linked = call("invoices", "create", link_to_transaction_ids=[order.id], **sale)
    expect("the order", call("sales_orders", "retrieve", order.id).is_fully_invoiced, True)
    memo = lives("credit_memos", {"memo": "Broken"}, lines=[{"item_id": mug.id, "quantity": 1}], **sale)
    expect("the credit", memo.credit_remaining, "10.28")
    applied = [{"credit_transaction_id": memo.id, "applied_amount": "10.00"}]
    payment = lives(
        "receive_payments",
        {"memo": "By hand"},
        total_amount="20.00",
        apply_to_transactions=[{"transaction_id": invoice.id, "payment_amount": "20.00", "apply_credits": applied}],
        **sale,
    )
    paid = call("invoices", "retrieve", invoice.id)
    expect("the open amount", (paid.applied_amount, paid.balance_remaining, paid.is_paid), ("30.00", "9.05", False))
    refund = [{"transaction_id": memo.id, "refund_amount": "0.28"}]
    returned = lives("credit_card_refunds", refund_applied_to_transactions=refund, **sale)
    receipt = lives("sales_receipts", {"memo": "Cash"}, lines=goods, **sale)
    banked = [{"payment_transaction_id": payment.id}, {"payment_transaction_id": receipt.id}]
    deposit = lives(
        "deposits", {"memo": "Friday"}, transaction_date="2025-02-21", deposit_to_account_id=accounts["Checking"], lines=banked
    )
    refused("3160", "receive_payments", "delete", payment.id)

    call("deposits", "void", deposit.id)
    call("deposits", "delete", deposit.id)
    call("sales_receipts", "void", receipt.id)
    call("credit_card_refunds", "void", returned.id)
    call("receive_payments", "delete", payment.id)
    expect("the reopened invoice", call("invoices", "retrieve", invoice.id).balance_remaining, "29.05")
    call("invoices", "void", linked.id)
    call("credit_memos", "void", memo.id)
    for resource, one in (
        ("estimates", estimate),
        ("invoices", invoice),
        ("invoices", linked),
        ("sales_orders", order),
        ("credit_memos", memo),
        ("credit_card_refunds", returned),
        ("sales_receipts", receipt),
    ):
        call(resource, "delete", one.id)
        refused("3120", resource, "delete", one.id)
    gone = call("deleted_transactions", "list", transaction_types=["invoice", "deposit", "estimate"])
    expect("the feed", sorted(one.id for one in gone.data), sorted([estimate.id, invoice.id, linked.id, deposit.id]))
    expect("the balance", call("customers", "retrieve", customer.id).balance, "0.00")


main()
print(json.dumps({"resources": sorted(checked), "responses": sum(checked.values()), "faults": faults}))
