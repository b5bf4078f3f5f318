// What the tabs Service, Documents and History show.
import { call_server } from "../server";
import { deal_link, esc, form_link, full_money, short_duration } from "../text";

const PICTURE = /\.(jpe?g|png|gif|webp|bmp)$/i;

export function show_tabs(frm) {
	if (frm.is_new()) {
		for (const field of ["service_history", "documents_list", "history_view"])
			field_area(frm, field).empty();
		return;
	}
	show_service(frm);
	show_documents(frm);
	show_history(frm);
}

function field_area(frm, fieldname) {
	return $(frm.fields_dict[fieldname].wrapper);
}

function section(title, body) {
	return `<div class="dealer-tab-section"><h5>${title}</h5>${body}</div>`;
}

function table(headings, rows) {
	if (!rows.length) return `<p class="text-muted">${__("Nothing yet")}</p>`;
	const head = headings.map((heading) => `<th>${heading}</th>`).join("");
	const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("");
	return `<div class="table-responsive"><table class="table table-sm dealer-table">
		<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

// -- Service: what is known of the client from before ----------------------------------------------

async function show_service(frm) {
	const $area = field_area(frm, "service_history");
	const { contact, customer, name } = frm.doc;
	if (!contact && !customer) {
		$area.html(`<p class="text-muted">${__("The client is not in the client base yet.")}</p>`);
		return;
	}
	const card = await call_server("client_card", { contact, customer }).catch(() => ({}));
	if (frm.doc.name === name) $area.html(client_card_html(without_deal(card, name)));
}

/** The client's card without what the deal's own tabs show. */
function without_deal(card, deal) {
	const of_others = (row) => (row.attached_to_name || row.reference_name) !== deal;
	return {
		...card,
		deals: (card.deals || []).filter((row) => row.name !== deal),
		files: (card.files || []).filter(of_others),
		communications: (card.communications || []).filter(of_others),
		tasks: (card.tasks || []).filter(of_others),
	};
}

/** `card` is what is known of a client: vehicles, deals, leads, files, communications, tasks. */
export function client_card_html(card) {
	const vehicles = (card.vehicles || []).map((car) => [
		form_link("Auto Vehicle", car.name, car.title || car.name),
		esc(car.year),
		esc(car.vin),
		esc(car.licence_plate),
		car.mileage ? esc(__("{0} km", [car.mileage])) : "",
	]);
	const deals = (card.deals || []).map((deal) => [
		deal_link(deal.name, deal.title || deal.name),
		esc(__(deal.pipeline)),
		esc(__(deal.stage)),
		deal.amount ? esc(full_money(deal.amount, deal.currency)) : "",
		esc(deal.responsible_name || (deal.responsible && frappe.user.full_name(deal.responsible))),
		esc(frappe.datetime.str_to_user(deal.creation)),
	]);
	const leads = (card.leads || []).map((lead) => [
		form_link("Auto Lead", lead.name, lead.name),
		esc(__(lead.enquiry_type)),
		esc(__(lead.status)),
		esc(lead.ad_channel && __(lead.ad_channel)),
		esc(frappe.datetime.str_to_user(lead.creation)),
	]);
	return [
		section(
			__("The client's cars"),
			table([__("Car"), __("Year"), __("VIN"), __("Plate"), __("Mileage")], vehicles)
		),
		...workshop(card),
		section(
			__("Other deals"),
			table(
				[__("Deal"), __("Pipeline"), __("Stage"), __("Amount"), __("Responsible"), __("Created")],
				deals
			)
		),
		section(
			__("Enquiries"),
			table([__("Lead"), __("Enquiry Type"), __("Status"), __("Channel"), __("Created")], leads)
		),
		...papers(card),
	].join("");
}

/** Work orders and bookings of the client's cars; a section only where there is something. */
function workshop(card) {
	const orders = (card.work_orders || []).map((order) => [
		form_link("Service Work Order", order.name, order.name),
		esc(frappe.datetime.str_to_user(order.opened_at)),
		`${esc(order.vehicle_title)} <span class="text-muted">${esc(order.vin)}</span>`,
		esc(order.works.join("; ") || order.complaint),
		esc(__(order.stage, null, "Service Work Order")),
		order.total ? esc(full_money(order.total, order.currency)) : "",
	]);
	const bookings = (card.bookings || []).map((booking) => [
		form_link("Service Booking", booking.name, booking.name),
		esc(frappe.datetime.str_to_user(booking.start)),
		`${esc(booking.vehicle_title)} <span class="text-muted">${esc(booking.vin)}</span>`,
		esc(booking.services),
		esc(__(booking.status, null, "Service Booking")),
	]);
	return [
		[
			__("Service history"),
			[__("Work Order"), __("When"), __("Car"), __("Works"), __("Stage"), __("Amount")],
			orders,
		],
		[__("Bookings"), [__("Booking"), __("When"), __("Car"), __("Services"), __("Status")], bookings],
	]
		.filter(([, , rows]) => rows.length)
		.map(([title, headings, rows]) => section(title, table(headings, rows)));
}

/** Documents, correspondence and tasks of earlier enquiries; a section only where there is something. */
function papers(card) {
	const files = (card.files || []).map((file) => [
		`<a href="${encodeURI(file.file_url)}" target="_blank" rel="noopener">${esc(file.file_name)}</a>`,
		form_link(file.attached_to_doctype, file.attached_to_name),
	]);
	const letters = (card.communications || []).map((letter) => [
		esc(frappe.datetime.str_to_user(letter.communication_date)),
		esc(__(letter.communication_medium)),
		esc(letter.subject),
		form_link(letter.reference_doctype, letter.reference_name),
	]);
	const tasks = (card.tasks || []).map((task) => [
		esc(frappe.utils.html2text(task.description || "")),
		esc(task.date && frappe.datetime.str_to_user(task.date)),
		esc(frappe.user.full_name(task.allocated_to)),
		form_link(task.reference_type, task.reference_name),
	]);
	return [
		[__("Documents"), [__("File"), __("From", null, "Auto Deal")], files],
		[
			__("Correspondence"),
			[__("When"), __("Kind"), __("Subject"), __("About", null, "Auto Deal")],
			letters,
		],
		[__("Open tasks"), [__("Task"), __("Until"), __("Who"), __("About", null, "Auto Deal")], tasks],
	]
		.filter(([, , rows]) => rows.length)
		.map(([title, headings, rows]) => section(title, table(headings, rows)));
}

// -- Documents --------------------------------------------------------------------------------------

function show_documents(frm) {
	const $area = field_area(frm, "documents_list");
	const draw = () => {
		const files = frm.attachments.get_attachments();
		$area.html(`
			<div class="dealer-documents">${files.map(document_html).join("")}</div>
			<button type="button" class="btn btn-default btn-sm" data-action="attach">
				${frappe.utils.icon("attachment", "sm")} ${__("Attach a File")}</button>`);
		$area.find("[data-action=attach]").on("click", () => frm.attachments.new_attachment());
	};
	draw();
	if (!frm.attachments.dealer_refresh) {
		frm.attachments.dealer_refresh = frm.attachments.refresh;
		frm.attachments.refresh = function () {
			frm.attachments.dealer_refresh.apply(frm.attachments);
			if (frm.doctype === "Auto Deal" && !frm.is_new()) show_documents(frm);
		};
	}
}

function document_html(file) {
	const url = encodeURI(file.file_url);
	const picture = PICTURE.test(file.file_name || file.file_url)
		? `<img src="${url}" alt="" loading="lazy">`
		: frappe.utils.icon("file", "lg");
	return `
		<a class="dealer-document" href="${url}" target="_blank" rel="noopener">
			<span class="dealer-document-picture">${picture}</span>
			<span class="ellipsis" title="${esc(file.file_name)}">${esc(file.file_name)}</span>
		</a>`;
}

// -- History ----------------------------------------------------------------------------------------

async function show_history(frm) {
	const deal = frm.doc.name;
	const rows = await frappe.db.get_list("Deal Stage Log", {
		filters: { deal },
		fields: [
			"changed_at",
			"from_stage",
			"to_stage",
			"from_pipeline",
			"pipeline",
			"changed_by",
			"seconds_in_stage",
			"reason",
		],
		order_by: "changed_at desc",
		limit: 200,
	});
	if (frm.doc.name !== deal) return;
	const lines = rows.map((row) => [
		esc(frappe.datetime.str_to_user(row.changed_at)),
		`${stage_of(row.from_stage)} → <b>${stage_of(row.to_stage)}</b>${pipeline_change(row)}`,
		row.from_stage ? esc(short_duration(row.seconds_in_stage)) : "",
		esc(frappe.user.full_name(row.changed_by)),
		esc(row.reason),
	]);
	field_area(frm, "history_view").html(`
		${section(
			__("Way through the stages"),
			table([__("When"), __("Stage"), __("Spent before"), __("Who"), __("Reason")], lines)
		)}
		<p class="text-muted small">${__("Comments, letters, calls and changes are below, in the activity feed.")}</p>`);
}

function stage_of(stage) {
	return stage ? esc(__(stage)) : `<span class="text-muted">${__("created")}</span>`;
}

function pipeline_change(row) {
	if (!row.from_pipeline || row.from_pipeline === row.pipeline) return "";
	return `<div class="text-muted small">${esc(__(row.from_pipeline))} → ${esc(__(row.pipeline))}</div>`;
}
