app_name = "auto_dealer"
app_title = "Auto Dealer"
app_publisher = "Auto Dealer contributors"
app_description = "The system a car dealer and its service centre run on"
app_email = "maintainers@auto-dealer.example"
app_license = "GPL-3.0-or-later"

# With the organisation in front bench does not ask a server for the app's address.
required_apps = ["frappe/erpnext"]

before_install = "auto_dealer.setup.version_gate.check_versions"
after_install = "auto_dealer.setup.install.after_install"
before_migrate = "auto_dealer.setup.version_gate.check_versions"
after_migrate = "auto_dealer.setup.install.after_migrate"
before_uninstall = "auto_dealer.setup.uninstall.before_uninstall"

app_include_css = "auto_dealer.bundle.css"
app_include_js = "auto_dealer.bundle.js"
doctype_js = {
	"Auto Deal": [
		"public/js/deal_booking.js",
		"public/js/deal_client_page.js",
		"public/js/deal_company.js",
		"public/js/deal_credit.js",
		"public/js/deal_appraisal.js",
		"public/js/deal_processes.js",
	],
	"Auto Vehicle": "public/js/vehicle_maintenance.js",
	"Contact": "public/js/contact_form.js",
	"Vehicle Appraisal": "public/js/appraisal_checklist.js",
}
extend_bootinfo = "auto_dealer.setup.staff_names.add_staff_names"

# The client's pages, without the desk's and the website's bundles.
page_renderer = ["auto_dealer.portal.page.PortalPage"]
standard_portal_menu_items = [
	{
		"title": "My cars and orders",
		"route": "/my",
		"reference_doctype": "Service Work Order",
		"role": "Customer",
	}
]

# Short addresses of invoices, for messages.
website_redirects = [
	{
		"source": r"/i/([\w-]+)",
		"target": r"/api/method/auto_dealer.documents.public_page.get_document?token=\1",
	}
]

# What the prints of invoices and acts say.
jinja = {
	"methods": [
		"auto_dealer.appraisal.print_photos.appraisal_photo",
		"auto_dealer.documents.commission_report.dealer_commission_values",
		"auto_dealer.documents.print_qr.dealer_print_qr",
		"auto_dealer.payments.print_values.dealer_act_values",
		"auto_dealer.payments.print_values.dealer_digits",
		"auto_dealer.payments.print_values.dealer_invoice_values",
		"auto_dealer.payments.print_values.dealer_unit",
		"auto_dealer.payments.transfer_values.dealer_transfer_values",
	]
}

# Realtime on its own port where no proxy stands before the bench.
update_website_context = "auto_dealer.setup.realtime_port.use_direct_port"

doc_events = {
	"Auto Vehicle": {"on_trash": "auto_dealer.retention.plan_card.forget_vehicle"},
	"Bank Transaction": {"on_submit": "auto_dealer.overrides.bank_transaction.on_submit"},
	"Contact": {
		"before_validate": "auto_dealer.overrides.contact.before_validate",
		"validate": "auto_dealer.overrides.contact.validate",
		"after_insert": "auto_dealer.overrides.contact.after_insert",
		"on_update": "auto_dealer.overrides.contact.on_update",
		"on_trash": "auto_dealer.overrides.contact.on_trash",
		"after_rename": "auto_dealer.overrides.contact.after_rename",
	},
	"Customer": {
		"on_trash": "auto_dealer.overrides.customer.on_trash",
		"on_update": "auto_dealer.overrides.customer.on_update",
	},
	"Deal Stage Log": {"on_trash": "auto_dealer.permissions.deny_delete.deny"},
	"Dealer Settings": {"on_update": "auto_dealer.permissions.scopes.forget_all"},
	"Department": {
		"after_delete": "auto_dealer.permissions.scopes.forget_all",
		"after_rename": "auto_dealer.permissions.scopes.forget_all",
		"on_update": "auto_dealer.permissions.scopes.forget_all",
	},
	"DocShare": {
		"on_trash": "auto_dealer.permissions.scopes.forget_share",
		"on_update": "auto_dealer.permissions.scopes.forget_share",
	},
	"File": {
		"after_insert": [
			"auto_dealer.robots.on_file.after_insert",
			"auto_dealer.processes.photos.after_file",
		],
	},
	"Holiday List": {
		"after_rename": "auto_dealer.workshop.setup_cache.forget",
		"on_trash": "auto_dealer.workshop.setup_cache.forget",
		"on_update": "auto_dealer.workshop.setup_cache.forget",
	},
	"Inbound Event": {"on_trash": "auto_dealer.permissions.deny_delete.deny"},
	"Journal Entry": {
		"before_cancel": "auto_dealer.overrides.journal_entry.before_cancel",
		"before_submit": "auto_dealer.overrides.journal_entry.before_submit",
		"on_change": "auto_dealer.overrides.journal_entry.on_change",
	},
	"Payment Entry": {
		"before_cancel": "auto_dealer.overrides.payment_entry.before_cancel",
		"before_submit": "auto_dealer.overrides.payment_entry.before_submit",
		"before_validate": "auto_dealer.overrides.payment_entry.before_validate",
		"on_change": "auto_dealer.overrides.payment_entry.on_change",
	},
	"Payment Ledger Entry": {"on_change": "auto_dealer.overrides.payment_ledger_entry.on_change"},
	"Payment Request": {"before_validate": "auto_dealer.overrides.payment_request.before_validate"},
	"Purchase Receipt": {"on_submit": "auto_dealer.overrides.purchase_receipt.on_submit"},
	"Role": {"on_update": "auto_dealer.permissions.scopes.forget_all"},
	"Sales Invoice": {
		"before_cancel": "auto_dealer.overrides.sales_invoice.before_cancel",
		"before_submit": "auto_dealer.overrides.sales_invoice.before_submit",
		"before_validate": "auto_dealer.overrides.sales_invoice.before_validate",
		"on_cancel": "auto_dealer.overrides.sales_invoice.on_cancel",
		"on_change": "auto_dealer.overrides.sales_invoice.on_change",
		"on_submit": "auto_dealer.overrides.sales_invoice.on_submit",
	},
	"Sales Order": {
		"before_cancel": "auto_dealer.overrides.sales_order.before_cancel",
		"before_submit": "auto_dealer.overrides.sales_order.before_submit",
		"on_change": "auto_dealer.overrides.sales_order.on_change",
	},
	"Service Booking": {"after_insert": "auto_dealer.retention.follow_booking.after_insert"},
	"Service Resource": {
		"after_rename": [
			"auto_dealer.booking.tasks.rebuild_resource",
			"auto_dealer.workshop.setup_cache.forget",
		],
		"on_trash": ["auto_dealer.booking.tasks.forget_resource", "auto_dealer.workshop.setup_cache.forget"],
		"on_update": "auto_dealer.workshop.setup_cache.forget",
	},
	"Service Skill": {"after_rename": "auto_dealer.workshop.setup_cache.forget"},
	"Service Work Order": {"on_update": "auto_dealer.payments.follow_vouchers.mark_billed"},
	"ToDo": {
		"on_trash": "auto_dealer.notices.tasks.on_trash",
		"on_update": "auto_dealer.notices.tasks.after_save",
	},
	"User": {
		"after_rename": "auto_dealer.permissions.scopes.forget_all",
		"on_trash": "auto_dealer.permissions.scopes.forget_user",
		"on_update": "auto_dealer.permissions.scopes.forget_user",
	},
	"Version": {"before_insert": "auto_dealer.permissions.masked_versions.mask_new_version"},
	"Working Calendar": {
		"after_rename": "auto_dealer.workshop.setup_cache.forget",
		"on_trash": "auto_dealer.workshop.setup_cache.forget",
		"on_update": "auto_dealer.workshop.setup_cache.forget",
	},
}

has_permission = {
	"Auto Deal": "auto_dealer.permissions.conditions.deal_has_permission",
	"Auto Lead": "auto_dealer.permissions.conditions.lead_has_permission",
	"Client Merge": "auto_dealer.permissions.related.client_merge_has_permission",
	"Contact": "auto_dealer.permissions.related.contact_has_permission",
	"Credit Application": "auto_dealer.permissions.deal_documents.has_permission",
	"Deal Stage Log": "auto_dealer.permissions.related.stage_log_has_permission",
	"Dealer Contract": "auto_dealer.permissions.contracts.contract_has_permission",
	"Deferred Work": "auto_dealer.permissions.work_orders.child_has_permission",
	"Detailing Request": "auto_dealer.permissions.processes.request_has_permission",
	"Diagnostics Request": "auto_dealer.permissions.processes.request_has_permission",
	"File": "auto_dealer.overrides.file.has_permission",
	"Inbound Event": "auto_dealer.permissions.related.inbound_event_has_permission",
	"Mechanic Time": "auto_dealer.permissions.work_orders.child_has_permission",
	"Service Booking": "auto_dealer.permissions.bookings.has_permission",
	"Service Work Order": "auto_dealer.permissions.work_orders.order_has_permission",
	"Staff Notice": "auto_dealer.permissions.processes.notice_has_permission",
	"VIN Lookup": "auto_dealer.permissions.deal_documents.has_permission",
	"Vehicle Appraisal": "auto_dealer.permissions.deal_documents.has_permission",
	"Work Order Approval": "auto_dealer.permissions.work_orders.child_has_permission",
}

permission_query_conditions = {
	"*": "auto_dealer.permissions.linked_fields.refuse_linked_fields",
	"Appraisal Check": "auto_dealer.permissions.deal_documents.rows_query",
	"Appraisal Comparable": "auto_dealer.permissions.deal_documents.rows_query",
	"Appraisal Damage": "auto_dealer.permissions.deal_documents.rows_query",
	"Appraisal Offer": "auto_dealer.permissions.deal_documents.rows_query",
	"Auto Deal": "auto_dealer.permissions.conditions.deal_query",
	"Auto Lead": "auto_dealer.permissions.conditions.lead_query",
	"Bank Offer": "auto_dealer.permissions.deal_documents.rows_query",
	"Client Merge": "auto_dealer.permissions.related.client_merge_query",
	"Contact": "auto_dealer.permissions.related.contact_query",
	"Credit Application": "auto_dealer.permissions.deal_documents.query",
	"Credit Application Product": "auto_dealer.permissions.deal_documents.rows_query",
	"Credit Debt": "auto_dealer.permissions.deal_documents.rows_query",
	"Credit Income": "auto_dealer.permissions.deal_documents.rows_query",
	"Deal Stage Log": "auto_dealer.permissions.related.stage_log_query",
	"Deal Vehicle Interest": "auto_dealer.permissions.related.wishes_query",
	"Dealer Contract": "auto_dealer.permissions.contracts.contract_query",
	"Deferred Work": "auto_dealer.permissions.work_orders.child_query",
	"Detailing Message": "auto_dealer.permissions.processes.rows_query",
	"Detailing Request": "auto_dealer.permissions.processes.request_query",
	"Detailing Work": "auto_dealer.permissions.processes.rows_query",
	"Diagnostics Request": "auto_dealer.permissions.processes.request_query",
	"File": "auto_dealer.overrides.file.query",
	"Inbound Event": "auto_dealer.permissions.related.inbound_event_query",
	"Mechanic Time": "auto_dealer.permissions.work_orders.child_query",
	"Service Booking": "auto_dealer.permissions.bookings.query",
	"Service Booking Offering": "auto_dealer.permissions.bookings.rows_query",
	"Service Booking Resource": "auto_dealer.permissions.bookings.rows_query",
	"Service Work Order": "auto_dealer.permissions.work_orders.order_query",
	"Staff Notice": "auto_dealer.permissions.processes.notice_query",
	"Staff Notice Recipient": "auto_dealer.permissions.processes.recipients_query",
	"Tag Link": "auto_dealer.permissions.related.tag_link_query",
	"VIN Lookup": "auto_dealer.permissions.deal_documents.query",
	"Vehicle Appraisal": "auto_dealer.permissions.deal_documents.query",
	"Work Order Approval": "auto_dealer.permissions.work_orders.child_query",
	"Work Order Inspection": "auto_dealer.permissions.work_orders.rows_query",
	"Work Order Invoice": "auto_dealer.permissions.work_orders.rows_query",
	"Work Order Labour": "auto_dealer.permissions.work_orders.rows_query",
	"Work Order Offering": "auto_dealer.permissions.work_orders.rows_query",
	"Work Order Part": "auto_dealer.permissions.work_orders.rows_query",
	"Work Order Part Request": "auto_dealer.permissions.work_orders.rows_query",
	"Work Order Photo": "auto_dealer.permissions.work_orders.rows_query",
	"Work Order Sublet": "auto_dealer.permissions.work_orders.rows_query",
}

# Overwritten at every migrate: an example to be copied, not to be edited.
fixtures = [{"dt": "Server Script", "filters": [["module", "=", "Auto Dealer"]]}]

# A borrower's papers are for fewer people than the application they hang on.
override_doctype_class = {"File": "auto_dealer.overrides.file.DealerFile"}

# Functions of Frappe that answer past the row rights; those of the Kanban that save a shared board at every view.
override_whitelisted_methods = {
	"frappe.client.get_count": "auto_dealer.permissions.closed_leaks.get_count",
	"frappe.desk.doctype.kanban_board.kanban_board.add_card": "auto_dealer.pipelines.kanban.add_card",
	"frappe.desk.doctype.kanban_board.kanban_board.add_column": "auto_dealer.pipelines.kanban.add_column",
	"frappe.desk.doctype.kanban_board.kanban_board.update_order": "auto_dealer.pipelines.kanban.update_order",
	"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card": "auto_dealer.pipelines.kanban.update_order_for_single_card",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": "auto_dealer.permissions.closed_leaks.get_tagged_docs",
	"frappe.desk.form.assign_to.get": "auto_dealer.permissions.closed_leaks.get_assignments",
	"frappe.desk.form.document_follow.follow_document": "auto_dealer.permissions.closed_leaks.follow_document",
	"frappe.desk.form.document_follow.update_follow": "auto_dealer.permissions.closed_leaks.update_follow",
	"frappe.desk.listview.get_group_by_count": "auto_dealer.permissions.closed_leaks.get_group_by_count",
	"frappe.desk.search.get_link_title": "auto_dealer.permissions.closed_leaks.get_link_title",
	"frappe.utils.global_search.search": "auto_dealer.permissions.closed_leaks.global_search",
}

# Document types whose saves are shown to robots; functions that other domains' timers may call.
dealer_robot_doctypes = [
	"Auto Deal",
	"Auto Lead",
	"Credit Application",
	"Detailing Request",
	"Diagnostics Request",
	"Service Booking",
	"Service Work Order",
	"Vehicle Appraisal",
]
dealer_timed_actions = [
	"auto_dealer.booking.reminders.remind",
	"auto_dealer.notices.repeat.remind",
	"auto_dealer.notices.tasks.remind",
	"auto_dealer.notices.tasks.say_late",
	"auto_dealer.payments.overdue.tell",
	"auto_dealer.processes.diagnostics_steps.remind",
	"auto_dealer.processes.photos.count_again",
]

# Actions that other domains give to robots: action → function, see robots.effects.registry.
dealer_robot_actions = {
	"Create Invoice": "auto_dealer.payments.robot_invoice.run",
	"Start Process": "auto_dealer.processes.start.run_robot",
}

# Values in the texts of robots: name → function (document).
dealer_robot_values = {
	"client_page": "auto_dealer.portal.desk_api.robot_value",
	"invoice_link": "auto_dealer.payments.public_invoice.robot_value",
}

# What an answered notice does, by its action: (notice, user, answer, comment); what a closed task does, by its kind.
dealer_notice_actions = {
	"detailing.accept": "auto_dealer.processes.detailing_steps.on_accepted",
	"detailing.approve_price": "auto_dealer.processes.detailing_steps.on_price_answer",
	"detailing.start_shoot": "auto_dealer.processes.detailing_steps.on_shoot_confirmed",
	"diagnostics.confirm": "auto_dealer.processes.diagnostics_steps.on_confirmed",
	"diagnostics.read_result": "auto_dealer.processes.diagnostics_steps.on_result_read",
	"diagnostics.take": "auto_dealer.processes.diagnostics_steps.on_taken",
}
dealer_task_closed = {
	"detailing": "auto_dealer.processes.detailing_steps.on_task_closed",
	"photo": "auto_dealer.processes.photos.on_task_closed",
}

# Ways to a bank: Lending Bank.connector → class, see credit.banks.interface.
dealer_bank_connectors = {
	"E-mail": "auto_dealer.credit.banks.email_pack.EmailConnector",
	"Manual": "auto_dealer.credit.banks.manual.ManualConnector",
	"Simulated": "auto_dealer.credit.banks.simulated.SimulatedConnector",
}

# What a client is billed for: document type → function (document) → payments.rules.bill.Bill.
dealer_billed_documents = {
	"Auto Deal": "auto_dealer.payments.deal_bill.get_bill",
	"Service Work Order": "auto_dealer.orders.bill.get_bill",
}

# Documents whose act is made by a function of their own (name) instead of payments.close.make_sales_invoice.
dealer_act_makers = {"Service Work Order": "auto_dealer.orders.close_order.make_act"}

# What other domains do about a saved deal: (deal, the deal before).
dealer_deal_changed = [
	"auto_dealer.appraisal.open_appraisal.after_deal_change",
	"auto_dealer.credit.open_application.after_deal_change",
	"auto_dealer.payments.deal_money.follow",
	"auto_dealer.processes.follow_deal.after_deal_change",
	"auto_dealer.vehicles.register_vehicle.after_deal_change",
]

# What happened to a car: functions (vehicle) → events, see vehicles.timeline.
dealer_vehicle_timeline = [
	"auto_dealer.appraisal.timeline.appraisals",
	"auto_dealer.orders.history.timeline",
	"auto_dealer.processes.vehicle_timeline.events",
	"auto_dealer.vehicles.timeline.card",
	"auto_dealer.vehicles.timeline.contracts",
	"auto_dealer.vehicles.timeline.deals",
]

# What other domains know of a client: functions (contact, customer, cars) → parts of the card, see clients.client_card.
dealer_client_card = ["auto_dealer.orders.history.of_client"]

# Files that go over to the lead or deal of an inbound event: (event, external_id, doctype, name).
dealer_event_files = ["auto_dealer.portal.estimate_photos.hand_over"]

# When cars were serviced: functions (vehicles) → rows, see retention.service_history.
dealer_service_history = [
	"auto_dealer.retention.service_history.noted_by_hand",
	"auto_dealer.retention.service_history.sales",
	"auto_dealer.retention.service_history.won_deals",
	"auto_dealer.retention.service_history.work_orders",
]

# Services that know cars by their VIN: name → class, see appraisal.vin_services.interface.
dealer_vin_connectors = {
	"Autoteka": "auto_dealer.integrations.autoteka.connector.AutotekaConnector",
	"NHTSA vPIC": "auto_dealer.integrations.nhtsa.connector.NhtsaConnector",
}

# Ways to a client: channel → class, see channels.message_senders.
dealer_message_senders = {
	"email": "auto_dealer.channels.message_senders.EmailSender",
	"sms": "auto_dealer.channels.message_senders.SmsSender",
}

# Logs of robots and the outbox name documents and robots; they hold nobody's deletion up.
ignore_links_on_delete = [
	"Action Link",
	"Booking Day",
	"Client Message",
	"Maintenance Plan",
	"Pipeline Pack",
	"Robot Run",
	"Robot Task",
	"Staff Notice",
	"VIN Lookup",
]

# Clearing the site's cache forgets who sees what.
clear_cache = "auto_dealer.permissions.scopes.forget_all"

# JSON that Frappe cannot parse never reaches the intake's function.
after_request = ["auto_dealer.channels.broken_body.answer_broken_body"]

scheduler_events = {
	"cron": {
		"* * * * *": ["auto_dealer.robots.tasks.every_minute"],
		"*/3 * * * *": [
			"auto_dealer.appraisal.tasks.ask_again",
			"auto_dealer.channels.tasks.process_waiting_events",
			"auto_dealer.credit.tasks.send_again",
			"auto_dealer.integrations.bitrix24.start_import.continue_stalled",
		],
	},
	"hourly": ["auto_dealer.vehicles.tasks.retry_registrations"],
	"daily_long": [
		"auto_dealer.notices.delete_old.delete_old",
		"auto_dealer.booking.tasks.compare_days",
		"auto_dealer.channels.tasks.delete_old_events",
		"auto_dealer.credit.tasks.erase_personal_data",
		"auto_dealer.portal.tasks.delete_old_drafts",
		"auto_dealer.retention.tasks.congratulate",
		"auto_dealer.retention.tasks.every_night",
		"auto_dealer.robots.tasks.delete_old_runs",
	],
}
