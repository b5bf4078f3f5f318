// Payments on the deal's form: the tab, the buttons, the guided way in the stage of agreement.
import { confirm_payment, create_invoice, invoice_process } from "./dialogs";
import { show_payments } from "./tab";

const AGREEMENT = "Agreement";
const BILLING_ROLES = [
	"Dealer Sales Manager",
	"Dealer Service Advisor",
	"Dealer Sales Head",
	"Dealer Buyout Head",
	"Dealer Administrator",
	"Dealer Portal Administrator",
	"System Manager",
];

frappe.ui.form.on("Auto Deal", {
	setup(frm) {
		frappe.realtime.on("dealer_payments", ({ name }) => {
			if (cur_frm === frm && frm.doc.name === name && !frm.is_dirty()) frm.reload_doc();
		});
	},

	refresh(frm) {
		show_payments(frm, "payments_view");
		if (frm.is_new() || !may_bill(frm) || !frm.doc.amount) return;
		const group = __("Payments");
		if (frm.doc.stage === AGREEMENT) {
			frm.add_custom_button(__("Invoice and Wait for the Car"), () => invoice_process(frm), group);
		}
		frm.add_custom_button(__("Create Invoice"), () => create_invoice(frm), group);
		frm.add_custom_button(__("Confirm Payment"), () => confirm_payment(frm), group);
	},
});

function may_bill(frm) {
	return frm.perm[0]?.write && BILLING_ROLES.some((role) => frappe.user.has_role(role));
}
