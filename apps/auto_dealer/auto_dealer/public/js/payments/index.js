// The tab Payments of a deal or a work order: what was invoiced, what has come, what is still to come.
import "./deal";
import { show_payments } from "./tab";

frappe.provide("auto_dealer.payments");
/** For any form with a field for HTML: `auto_dealer.payments.show(frm, "payments_view")`. */
auto_dealer.payments.show = show_payments;
