// "Add": a new enquiry with as little typing as possible; for a first-time client the name is enough.
import { show_active_deal } from "./active_deal";
import { settled_values } from "./dialog_values";
import { watch_duplicates } from "./duplicates";
import { call_server, tell_refusal } from "./server";
import { typed } from "./needs_lead";

const CLIENT_FIELDS = ["client_name", "phone", "email"];

/** Opens the dialog; resolves with the created deal's name, or null when it was closed. */
export function new_deal({ pipeline, stage } = {}) {
	return new Promise((resolve) => {
		new NewDealDialog(pipeline, stage, resolve).show();
	});
}

class NewDealDialog {
	constructor(pipeline, stage, resolve) {
		this.pipeline = pipeline;
		this.stage = stage;
		this.resolve = resolve;
		this.deal = null;
	}

	show() {
		this.dialog = new frappe.ui.Dialog({
			title: __("New Deal"),
			size: "large",
			fields: this.make_fields(),
			primary_action_label: __("Create Deal"),
			primary_action: async () => {
				const values = await settled_values(this.dialog);
				if (values) this.create(values);
			},
			on_hide: () => this.resolve(this.deal),
		});
		this.dialog.$wrapper.addClass("dealer-new-deal");
		this.watch();
		this.dialog.show();
		this.dialog.get_field("client_name").$input?.focus();
	}

	make_fields() {
		const changed = () => this.look_for_duplicates?.();
		return [
			{ fieldtype: "Data", fieldname: "client_name", label: __("Client Name"), change: changed },
			{ fieldtype: "Data", fieldname: "phone", label: __("Phone"), change: changed },
			{ fieldtype: "Data", fieldname: "email", label: __("Email"), options: "Email", change: changed },
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Link",
				fieldname: "pipeline",
				label: __("Pipeline"),
				options: "Deal Pipeline",
				reqd: 1,
				default: this.pipeline,
				get_query: () => ({ filters: { is_enabled: 1 } }),
			},
			{
				fieldtype: "Link",
				fieldname: "enquiry_type",
				label: __("Enquiry Type"),
				options: "Enquiry Type",
				default: "Primary Visit",
				get_query: () => ({ filters: { is_secondary: 0 } }),
			},
			{ fieldtype: "Link", fieldname: "ad_channel", label: __("Channel"), options: "Ad Channel" },
			{ fieldtype: "Section Break", label: __("What the Client Wants") },
			{ fieldtype: "Link", fieldname: "interest_make", label: __("Make"), options: "Vehicle Make" },
			{
				fieldtype: "Link",
				fieldname: "interest_model",
				label: __("Model"),
				options: "Vehicle Model",
				get_query: () => this.models(),
			},
			{ fieldtype: "Column Break" },
			{ fieldtype: "Currency", fieldname: "amount", label: __("Amount") },
			{
				fieldtype: "Link",
				fieldname: "responsible",
				label: __("Responsible"),
				options: "User",
				default: frappe.session.user === "Administrator" ? undefined : frappe.session.user,
			},
			{ fieldtype: "Section Break" },
			{ fieldtype: "HTML", fieldname: "known" },
			{ fieldtype: "Link", fieldname: "contact", label: __("Contact"), options: "Contact", hidden: 1 },
		];
	}

	models() {
		const make = this.dialog.get_value("interest_make");
		return make ? { filters: { make } } : {};
	}

	watch() {
		const $place = this.dialog.get_field("known").$wrapper;
		this.look_for_duplicates = watch_duplicates(
			$place,
			() => Object.fromEntries(CLIENT_FIELDS.map((field) => [field, this.typed_text(field)])),
			{ on_pick: (row) => this.take_client(row) }
		);
		for (const field of CLIENT_FIELDS) {
			this.dialog.get_field(field).$input?.on("input", () => this.look_for_duplicates());
		}
	}

	typed_text(field) {
		return this.dialog.get_field(field).$input?.val() || "";
	}

	async take_client(row) {
		const card = await call_server("client_card", { contact: row.name });
		this.dialog.set_values({
			contact: row.name,
			client_name: card.client_name || row.title,
			phone: card.phone || this.typed_text("phone"),
			email: card.email || this.typed_text("email"),
		});
		frappe.show_alert({ message: __("Filled in from the client's card"), indicator: "blue" });
	}

	async create(all_values) {
		const values = typed(all_values);
		if (!values.client_name && !values.phone && !values.contact) {
			frappe.show_alert({ message: __("Type the client's name or phone first."), indicator: "orange" });
			return;
		}
		this.dialog.disable_primary_action();
		try {
			const answer = await call_server("create_lead_and_deal", { values }, { silent: true });
			this.deal = answer.deal || answer;
			this.dialog.hide();
		} catch (refusal) {
			this.refused(refusal, values);
		} finally {
			this.dialog.enable_primary_action();
		}
	}

	refused(refusal, values) {
		if (!refusal.active_deal) {
			tell_refusal(refusal, __("Not Created"));
			return;
		}
		show_active_deal(refusal.active_deal, {
			lead: values,
			on_separate: () => this.create({ ...values, is_separate_enquiry: 1 }),
			on_attached: () => this.dialog.hide(),
		});
	}
}

auto_dealer.new_deal = new_deal;
